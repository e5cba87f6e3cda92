//! What the README promises of the dashboard and its configuration.

use super::Promise;

pub(super) const PROMISES: &[Promise] = &[
    (
        "what happened, how fast, between whom; did anything get lost",
        &[
            "dashboard::screens::every_panel_at_every_size",
            "dashboard::keys::the_readme_has_every_view",
        ],
    ),
    (
        "every packet, by any column, its fields bit by bit, its octets",
        &[
            "dashboard::sorting::packets_are_sorted_by_a_column_and_in_the_order_of_the_capture_again",
            "dashboard::update::a_selected_field_shows_its_octets_and_a_selected_octet_its_field",
        ],
    ),
    (
        "who talks with whom, both ways, by any column",
        &[
            "dashboard::update::the_selection_stays_on_its_flow_when_rows_are_sorted_anew",
            "dashboard::update::a_flow_has_a_card_for_either_end",
        ],
    ),
    (
        "`b` rolls up to /24 and /64, /16 and /48, /8 and /32",
        &["dashboard::update::endpoints_roll_up_to_prefixes_and_down_again"],
    ),
    (
        "TTL with ~hops, DSCP by ECN, lengths, how connections went, fragments, options, extension headers",
        &[
            "dashboard::block_grid::a_line_is_followed_to_as_many_packets_as_it_counts",
            "dashboard::screens::anomalies_options_and_extensions_are_shown_where_there_are_any",
        ],
    ),
    (
        "a map of IPv4 (`+` looks closer), the registries' blocks, classes",
        &["dashboard::update::the_map_says_what_the_cursor_is_on"],
    ),
    (
        "which header stands in which, and how much ends there",
        &["dashboard::update::the_hierarchy_adds_up"],
    ),
    (
        "which, how often, where first",
        &[
            "dashboard::update::an_anomaly_leads_to_its_octets_and_back",
            "dashboard::update::an_anomaly_leads_to_its_packets_and_without_any_it_says_so",
        ],
    ),
    (
        "`Enter` on an address opens its card",
        &[
            "dashboard::update::enter_on_an_address_opens_its_card_and_enter_again_shows_its_packets",
            "dashboard::update::an_address_in_the_fields_has_a_card_too",
        ],
    ),
    (
        "`p` shows the packets of a row",
        &["dashboard::update::a_row_leads_to_its_packets_and_escape_back_to_all"],
    ),
    (
        "`s` and a click on a title sort",
        &[
            "dashboard::scenarios::the_screen_says_what_it_must",
            "dashboard::update::sorting_shows_the_greatest_first_and_reversed_the_least",
        ],
    ),
    (
        "with what is wrong and what would complete it while it is written",
        &[
            "dashboard::update::a_wrong_filter_shows_where_and_an_empty_result_says_so",
            "dashboard::update::what_is_typed_is_completed",
            "filter::complete::what_is_offered_fits_the_place",
        ],
    ),
    (
        "`=` and `!` make one of whatever is selected",
        &[
            "dashboard::update::every_line_that_is_chosen_makes_a_filter_of_as_many_packets",
            "dashboard::update::a_chosen_line_is_kept_excluded_and_stays_where_it_is",
            "dashboard::scenarios::the_screen_says_what_it_must",
        ],
    ),
    (
        "On the overview the mouse draws a span of time and every view is about that span",
        &[
            "dashboard::scenarios::the_screen_says_what_it_must",
            "dashboard::update::a_span_is_dragged_where_the_graph_has_no_room",
        ],
    ),
    (
        "`+` `-` `<` `>` zoom and pan, `0` is all of it",
        &["dashboard::scenarios::the_screen_says_what_it_must"],
    ),
    (
        "`d` draws a header as its RFC does, filled with this packet's values",
        &["dashboard::tools::a_diagram_has_the_values_of_the_packet"],
    ),
    (
        "`e` goes to the next packet with an anomaly",
        &["dashboard::tools::e_goes_to_the_next_packet_with_an_anomaly"],
    ),
    (
        "`}` to the next of the same flow",
        &["dashboard::tools::a_brace_goes_to_the_next_packet_of_the_flow"],
    ),
    ("`m` marks", &["dashboard::scenarios::the_screen_says_what_it_must"]),
    (
        "`^f` searches text, octets or `/regex/`",
        &[
            "dashboard::tools::text_octets_and_expressions_are_searched_for",
            "dashboard::model::search::tests::text_octets_and_expressions_are_found",
        ],
    ),
    ("`c` makes any field a column", &["dashboard::tools::any_field_becomes_a_column"]),
    ("`y` copies (over ssh too)", &["dashboard::scenarios::the_screen_says_what_it_must"]),
    ("`w` saves what is shown or marked", &["dashboard::scenarios::the_screen_says_what_it_must"]),
    (
        "`:` takes a command: `:goto +1.5`, `:span +1 +3`, `:write-flow a.pcapng`",
        &["dashboard::scenarios::the_screen_says_what_it_must"],
    ),
    (
        "While packets come, Space holds the view and `F` follows the newest",
        &[
            "dashboard::live::f_follows_the_newest_again_and_q_is_the_normal_end",
            "dashboard::live::a_live_view_follows_is_frozen_and_outlives_its_interface",
        ],
    ),
    (
        "`?` tells the rest, and can be searched",
        &[
            "dashboard::keys::every_context_can_be_left_and_explained",
            "dashboard::screens::conversations_and_help",
        ],
    ),
    ("What wears `~` is inferred", &["dashboard::screens::every_panel_at_every_size"]),
    (
        "| keys | where | what they do |",
        &[
            "dashboard::keys::the_readme_has_the_table",
            "dashboard::keys::every_key_means_one_thing_in_every_context",
        ],
    ),
    ("Quit at once, wherever you are.", &["dashboard::pty::resizes_to_nothing_and_back"]),
    (
        "Suspend; fg brings the view back.",
        &["dashboard::jobs::stopped_it_leaves_the_terminal_and_continued_it_takes_it_again"],
    ),
    (
        "`T` and `:theme` choose the colours",
        &[
            "dashboard::model::theme::tests::the_palettes_are_gone_through_in_a_round",
            "dashboard::scenarios::the_screen_says_what_it_must",
            "dashboard::scenarios::a_palette_of_the_configuration_is_used",
        ],
    ),
    (
        "The terminal is asked whether it is light",
        &["dashboard::pty::a_terminal_that_says_it_is_light_gets_the_light_palette"],
    ),
    (
        "`NO_COLOR` and terminals without UTF-8 are respected",
        &[
            "dashboard::model::theme::tests::the_environment_chooses",
            "dashboard::screens::without_more_than_ascii_nothing_else_is_drawn",
        ],
    ),
    (
        "# every option at its default, and what it is for",
        &["dashboard::configuration::every_option_is_printed_at_its_default_with_what_it_is_for"],
    ),
    (
        "# bash, zsh, elvish, powershell too",
        &["cli::help::the_man_page_and_every_shell_know_all_subcommands"],
    ),
    (
        "The configuration chooses times",
        &["dashboard::configuration::a_configuration_at_its_place_is_read_and_chooses_times"],
    ),
    (
        "the first view, columns and keys, names filters (`@name` stands for one, and",
        &[
            "dashboard::scenarios::the_configuration_is_obeyed",
            "filter::named::a_name_stands_for_a_filter_and_takes_values",
        ],
    ),
    (
        "holds colours of your own",
        &[
            "dashboard::scenarios::a_palette_of_the_configuration_is_used",
            "dashboard::scenarios::the_configuration_says_where_it_is_wrong",
        ],
    ),
    (
        "A mistake in it is told with its line, a caret and a hint",
        &[
            "dashboard::configuration::a_mistake_in_a_configuration_is_told_before_there_is_a_screen",
            "dashboard::scenarios::the_configuration_says_where_it_is_wrong",
        ],
    ),
    (
        "Files are saved in the folder that ipeek was started in, as `.pcap` or `.pcapng`",
        &["dashboard::jobs::only_new_captures_of_the_folder_are_saved"],
    ),
];
