//! What the README promises of addresses, filters, JSON, exit status, security and the source.

use super::Promise;

pub(super) const PROMISES: &[Promise] = &[
    ("ipeek 192.168.1.77/26", &["cli::readme::its_card_is_what_is_said_of_the_address"]),
    (
        "# a range as prefixes",
        &[
            "address::prefixes_of_a_range_are_the_range_and_no_two_can_be_joined",
            "address::program::three_words_are_one_range",
        ],
    ),
    (
        "# a plan of subnets",
        &["address::plan::tests::a_plan_places_the_largest_first_and_says_what_is_left"],
    ),
    (
        "# classes A to E, as taught and as true",
        &[
            "address::program::tables_are_printed_in_three_shapes",
            "address::class::tests::classes_tile_the_space",
        ],
    ),
    (
        "ipeek lookup - -T csv",
        &[
            "address::program::bad_lines_are_answered_in_their_place",
            "address::program::an_answer_comes_before_the_next_line_is_there",
        ],
    ),
    (
        "Octal, hexadecimal, short and other odd forms are refused",
        &["address::every_odd_form_is_refused_by_its_name"],
    ),
    (
        "with the reason and with what other programs would have read",
        &["address::program::refused_items_are_named_on_standard_error_and_end_with_one"],
    ),
    (
        "`-Y` takes Wireshark's language",
        &["filter::what_matches", "filter::oracle::tshark_passes_the_same_frames"],
    ),
    (
        "the field catalogue (`ipeek fields` lists it)",
        &["export::catalogue::tests::every_name_is_listed_and_a_pattern_finds_meanings"],
    ),
    ("A name means any of its occurrences", &["filter::what_matches"]),
    (
        "What an address is can be asked for too",
        &["filter::what_matches", "cli::addresses_are_filtered_and_listed_by_what_they_are"],
    ),
    (
        "Fields are held against fields",
        &[
            "filter::relations::what_relations_match",
            "filter::counted::tshark_counts_as_many_packets",
            "filter::refusal::every_refusal_says_where_and_what_would_do",
        ],
    ),
    (
        "What an IPv6 address carries inside is a field, as Wireshark names it",
        &[
            "decode::embedded::each_kind_is_a_field_of_either_address",
            "decode::embedded::an_event_has_only_what_is_there",
            "decode::embedded::addresses_of_captures_carry_what_tshark_says",
        ],
    ),
    (
        "also where that translates below `64:ff9b:1::/48`",
        &["address::embedded::tests::addresses_of_local_translators_tell_how_long_their_prefix_is"],
    ),
    (
        "ipeek read a.pcap -Y 'ip.ttl < 5'",
        &["cli::readme::its_examples_are_command_lines_that_are_taken"],
    ),
    (
        "# and the datagram that it completes",
        &["export::datagram::the_fragment_that_completes_a_datagram_shows_it"],
    ),
    (
        "# a frame for each datagram, not for each fragment",
        &[
            "export::datagram::a_datagram_is_saved_as_one_frame_whose_lengths_and_checksums_are_right",
        ],
    ),
    (
        "TCP is told as Wireshark tells it",
        &[
            "tcp::segments_of_bundled_captures_are_what_tshark_says_they_are",
            "tcp::segments_of_reference_captures_are_what_tshark_says_they_are",
        ],
    ),
    (
        "They are columns, JSON and lines of the tree too.",
        &[
            "tcp::json_and_columns_say_the_same",
            "tcp::filters_find_the_packets_whose_column_says_so",
        ],
    ),
    (
        "A datagram in fragments is put together wherever it is, around a tunnel, inside one, or both",
        &[
            "export::datagram::datagrams_of_tunnels_and_in_tunnels_are_whole_where_tshark_has_them",
            "export::datagram::the_fragment_that_completes_a_datagram_shows_it",
            "export::datagram::a_datagram_is_saved_as_one_frame_whose_lengths_and_checksums_are_right",
            "dashboard::tools::a_fragment_is_shown_as_its_whole_datagram",
        ],
    ),
    (
        "Fragments whose others never came are saved as they are.",
        &["export::datagram::fragments_that_complete_no_datagram_are_saved_as_they_came"],
    ),
    (
        "A later fragment counts for the flow of the first, also where that comes after it.",
        &[
            "laws::order::later_fragments_that_come_first_belong_to_the_flow_of_the_first",
            "laws::order::fragments_of_a_tunnel_belong_to_the_flow_within",
        ],
    ),
    (
        "is found among all packets, in their order, before the filter chooses",
        &["anomaly::a_filter_selects_the_packets_that_several_tell"],
    ),
    (
        "held against packets one by one, says so and refuses",
        &["filter::refusal::every_refusal_says_where_and_what_would_do"],
    ),
    (
        "`ipeek explain` lists every anomaly with its severity, meaning and RFC.",
        &["explain::without_a_name_every_anomaly_is_a_line_and_with_a_star_those_that_are_like_it"],
    ),
    (
        "what to do about it and which octets it is measured on, and shows packets that have it",
        &[
            "explain::a_page_says_what_it_means_what_to_do_where_it_lies_and_shows_it",
            "explain::every_example_has_its_anomaly_where_its_page_says",
            "explain::every_anomaly_has_a_page_and_every_page_an_anomaly",
        ],
    ),
    (
        "of a header field, its bits, the names of its values and what is usual",
        &["explain::a_field_has_a_page_with_its_bits_its_values_and_what_is_usual"],
    ),
    (
        "`-T json` and `-T markdown` write the same",
        &["explain::as_json_every_page_is_an_object_with_its_example"],
    ),
    (
        "The summary ranks where anomalies are",
        &[
            "explain::the_worst_stand_first_then_what_is_most_spread",
            "explain::where_anomalies_are_is_the_same_for_any_number_of_threads",
        ],
    ),
    (
        "Of each anomaly 512 lines are kept, whose counts are exact",
        &[
            "explain::lines_go_by_addresses_and_past_their_bound_say_that_they_are_estimated",
            "analyze::sightings::tests::packets_in_any_order_and_parts_in_any_order_give_the_same_lines",
        ],
    ),
    (
        "View 8 shows the same page beside the table or below it.",
        &["dashboard::screens::the_page_of_an_anomaly_at_every_size"],
    ),
    (
        "A line is a finding, with its packet, octets, value and RFC",
        &[
            "check::a_finding_is_a_line_with_its_packet_octets_and_rule_and_the_end_adds_them_up",
            "check::as_many_are_found_as_read_tells",
        ],
    ),
    (
        "`--fail-on` makes the exit status 7 where anything as severe was found",
        &["check::the_status_says_whether_anything_so_severe_was_found"],
    ),
    ("A baseline is what `-T json` once wrote", &["check::what_is_in_a_baseline_is_known"]),
    (
        "a test an anomaly; sarif, json and markdown are the others",
        &["check::junit_has_a_test_for_every_row_and_markdown_a_line_for_what_was_found"],
    ),
    (
        "the findings become alerts of code scanning",
        &["check::sarif_has_a_rule_and_a_place_for_every_result"],
    ),
    (
        "10.0.0.1 in VLAN 10 and in VLAN 20 are two",
        &["cli::analysis::vlans_tell_flows_apart_unless_they_are_left_out"],
    ),
    (
        "in the order of the capture, whatever the number of threads",
        &["cli::analysis::all_outputs_are_the_same_with_any_number_of_threads"],
    ),
    (
        "Flows that leave the table (`--max-flows`) stay counted",
        &["cli::analysis::what_leaves_the_flow_table_stays_counted"],
    ),
    (
        "`--depth inner` and `--depth all`",
        &["cli::analysis::endpoints_are_told_by_the_headers_that_are_asked_for"],
    ),
    (
        "`--no-checksums` looks at none but IPv4's and says so",
        &["cli::analysis::checksums_that_are_not_looked_at_are_said_to_be_left_out"],
    ),
    (
        "One event a line: `meta`, `packet`, `flow`, `anomaly`, `stats`, `summary`",
        &[
            "cli::running_totals_end_in_those_of_the_summary",
            "laws::session::three_threads_write_the_json_of_one",
        ],
    ),
    (
        "Field names are Wireshark's",
        &[
            "oracle::headers_transports_frames_and_statistics_are_as_tshark_has_them",
            "filter::oracle::tshark_passes_the_same_frames",
        ],
    ),
    (
        "the tuple and flow objects are Suricata's EVE names",
        &["cli::kept::flows_and_tuples_have_the_names_that_eve_gives_them"],
    ),
    (
        "no key occurs twice, whatever is tunnelled in what",
        &["decode::json::no_key_occurs_twice_in_any_event_of_the_bundled_captures"],
    ),
    (
        "A `flow` says how it stands (EVE's `flow.state`) and, of TCP, how it began and ended",
        &[
            "tcp::flows_say_how_connections_went",
            "analyze::tcp::facts::tests::connections_end_in_the_states_that_zeek_has",
        ],
    ),
    (
        "`summary` has every statistic of packets that the text and the dashboard show",
        &[
            "laws::faces::all_faces_say_the_same_of_the_bundled_captures",
            "laws::faces::the_readme_names_every_statistic",
        ],
    ),
    (
        "`hops` beside them is a guess, missing where none makes sense",
        &["analyze::statistic::ttl::tests::hops_are_guessed_only_near_what_hosts_begin_with"],
    ),
    (
        "| status | meaning |",
        &[
            "cli::readme::its_table_of_exits_is_that_of_the_program",
            "cli::exit_codes_and_messages_are_those_that_are_promised",
        ],
    ),
    (
        "Ctrl-C and `q` end a live capture normally",
        &[
            "dashboard::live::f_follows_the_newest_again_and_q_is_the_normal_end",
            "live::load::a_signal_under_load_ends_it_and_the_books_close",
        ],
    ),
    (
        "a closed pipe is no error",
        &[
            "outputs::signals::a_pipe_that_is_closed_is_success_and_silent",
            "address::program::splitting_everything_starts_at_once_and_a_closed_pipe_is_no_error",
        ],
    ),
    (
        "| 4 | an output could not be written |",
        &[
            "cli::a_full_device_is_exit_4",
            "cli::promises::whatever_is_printed_on_a_full_device_is_an_error",
        ],
    ),
    (
        "| 5 | the interface went away |",
        &["live::load::an_interface_that_goes_away_closes_the_books"],
    ),
    (
        "| 6 | no permission to capture |",
        &["cli::kept::whoever_may_not_capture_is_told_why_and_what_to_do_and_ends_with_6"],
    ),
    (
        "| 7 | `ipeek check` found what `--fail-on` names |",
        &["check::the_status_says_whether_anything_so_severe_was_found"],
    ),
    (
        "a signal ended a read, after the partial result",
        &["outputs::signals::an_input_that_stalls_holds_up_no_signal_and_what_was_parsed_is_out"],
    ),
    (
        "INT, TERM, HUP and QUIT end it within a tenth of a second",
        &[
            "outputs::signals::an_input_that_stalls_holds_up_no_signal_and_what_was_parsed_is_out",
            "dashboard::jobs::every_signal_ends_it_with_its_status_and_the_terminal_as_it_was",
        ],
    ),
    (
        "and as long again for every 50,000 flows where those are told one by one",
        &["outputs::signals::an_end_with_many_flows_tells_all_of_them"],
    ),
    (
        "neither an input that stalls nor a reader who takes nothing is waited for",
        &[
            "outputs::signals::an_input_that_stalls_holds_up_no_signal_and_what_was_parsed_is_out",
            "outputs::signals::a_reader_that_takes_nothing_holds_up_no_signal_and_costs_no_other_output_a_record",
            "dashboard::jobs::a_terminal_that_takes_nothing_holds_up_no_signal",
        ],
    ),
    (
        "what a slower one gets ends on a whole line",
        &["outputs::interrupts::a_reader_that_is_slow_gets_whole_lines_until_the_signal"],
    ),
    (
        "only half a second later or more",
        &[
            "run::signals::tests::an_interrupt_forces_only_when_it_comes_well_after_the_first_signal",
            "outputs::interrupts::two_interrupts_a_moment_apart_keep_every_record_and_the_name",
        ],
    ),
    (
        "then files are closed first, under their names",
        &["outputs::interrupts::whoever_forces_the_end_closes_the_files_first"],
    ),
    (
        "Before there is an output, any of them ends it where it stands",
        &[
            "outputs::interrupts::a_signal_while_a_capture_filter_compiles_ends_it",
            "dashboard::state::a_signal_while_the_dashboard_starts_ends_it",
        ],
    ),
    (
        "INT and TERM are heeded where a shell had them ignored; an ignored HUP is not",
        &["outputs::interrupts::signals_that_were_ignored_end_it_and_an_ignored_hang_up_does_not"],
    ),
    (
        "A thread that cannot be made is an error, or the work is done by fewer, which is said",
        &[
            "limits::a_thread_that_cannot_be_made_is_an_error",
            "limits::with_fewer_threads_than_wanted_it_goes_on_and_says_so",
        ],
    ),
    (
        "ends the output that panicked (status 4) or the run (status 1)",
        &["cli::kept::a_panic_ends_the_output_with_4_or_the_run_with_1_and_all_are_whole"],
    ),
    (
        "all outputs hold whole records, and the terminal is given back",
        &[
            "laws::panics::a_sink_that_panics_leaves_the_others_whole",
            "laws::panics::an_analyst_that_panics_leaves_all_outputs_whole",
            "dashboard::rescue::a_panic_on_the_screen_ends_it_with_its_outputs_whole",
        ],
    ),
    (
        "Memory that the system refuses aborts the process",
        &["limits::little_memory_ends_a_run_or_is_enough"],
    ),
    (
        "a process beside the dashboard then gives the terminal back, and after SIGKILL too",
        &[
            "dashboard::rescue::a_dashboard_without_memory_leaves_the_terminal_as_it_was",
            "dashboard::rescue::a_dashboard_that_is_killed_leaves_the_terminal_as_it_was",
        ],
    ),
    (
        "before the first octet of an input is read, it gives up everything else",
        &[
            "guard::order::every_input_is_first_read_when_all_rights_are_given_up",
            "guard::order::a_fifo_is_first_read_when_all_rights_are_given_up",
        ],
    ),
    (
        "`strict` refuses to start when a layer is missing, `off` gives up nothing",
        &[
            "guard::check::without_the_right_to_change_users_all_else_is_given_up_and_told",
            "guard::strict_is_whole_or_does_not_begin",
            "guard::off_gives_up_nothing_and_says_so",
        ],
    ),
    (
        "another user (who called sudo, else nobody; never root)",
        &[
            "guard::check::what_sudo_is_said_to_be_called_by_is_never_root",
            "guard::outputs_belong_to_whoever_called_sudo_and_can_be_replaced",
        ],
    ),
    (
        "no capabilities, Landlock, and an allow-list of system calls in every thread",
        &[
            "guard::every_thread_of_a_reading_process_is_confined",
            "guard::every_thread_of_a_live_process_is_confined",
            "guard::capabilities_of_the_file_are_given_up_too",
            "dashboard::jobs::every_thread_of_it_is_confined_wherever_it_is_started",
        ],
    ),
    (
        "No file can be opened by its name",
        &["guard::check::every_front_end_is_confined_from_every_folder"],
    ),
    ("but time zones", &["guard::local_time_is_known_in_the_sandbox"]),
    (
        "nothing can be sent by the sockets that capture",
        &[
            "guard::check::every_front_end_is_confined_from_every_folder",
            "guard::check::a_user_with_capabilities_is_confined",
        ],
    ),
    (
        "For each there is a process of its own that parses no packets",
        &[
            "outputs::rotation::a_series_goes_on_without_root",
            "guard::a_run_that_writes_to_a_folder_of_roots_is_not_root",
        ],
    ),
    (
        "replaces or removes only what it made itself, or the one name that `--force` was said of",
        &[
            "formats::save::a_file_that_took_the_place_of_an_output_is_let_be",
            "guard::check::every_front_end_is_confined_from_every_folder",
        ],
    ),
    (
        "a new `.pcap` or `.pcapng` in the folder that ipeek was started in, no name that begins with a dot",
        &[
            "dashboard::jobs::only_new_captures_of_the_folder_are_saved",
            "guard::broker::names::tests::only_names_of_the_rule_are_names",
        ],
    ),
    (
        "Where none can be started, `best` makes one new file without it",
        &["guard::where_no_process_can_be_started_a_new_file_is_made_and_an_older_one_is_told_of"],
    ),
    (
        "It runs as who may write there",
        &[
            "outputs::rotation::a_series_goes_on_whoever_the_folder_belongs_to",
            "dashboard::jobs::what_is_saved_from_the_screen_by_root_belongs_to_the_owner_of_the_place",
            "guard::identity::tests::a_folder_is_written_by_the_rights_of_its_owner_group_or_others",
        ],
    ),
    (
        "`meta` in JSON and the dashboard's last line say what holds",
        &[
            "guard::every_thread_of_a_reading_process_is_confined",
            "guard::confinement::tests::only_what_is_whole_is_called_sandboxed",
            "dashboard::jobs::every_thread_of_it_is_confined_wherever_it_is_started",
        ],
    ),
    (
        "`sandboxed in part: still root` in a user namespace",
        &["guard::check::root_of_a_namespace_is_confined_and_told"],
    ),
    (
        "from `/`, from home and from here, and tries some twenty forbidden things",
        &["guard::check::every_front_end_is_confined_from_every_folder"],
    ),
    (
        "| threat | defence | tested in |",
        &["cli::readme::the_tests_and_captures_that_it_names_are_there"],
    ),
    (
        "no `unsafe`, overflow checks, the sandbox",
        &["cli::kept::its_table_of_threats_is_true_of_the_source"],
    ),
    (
        "every length and count has a bound",
        &[
            "formats::hostile::names_and_comments_are_bounded_and_what_is_left_out_is_counted",
            "laws::spans::any_octets_under_any_link_type_are_decoded_soundly",
            "decode::bombs::no_chain_of_headers_takes_more_steps_than_the_bound",
            "alloc::a_batch_whose_flows_are_known_allocates_nothing",
        ],
    ),
    (
        "shown escaped, in every output and error",
        &[
            "untrusted::names_and_comments_are_shown_escaped_in_every_output_and_error",
            "untrusted::text_in_packets_is_shown_escaped",
            "untrusted::the_screen_shows_names_and_comments_escaped",
        ],
    ),
    (
        "new files 0600, no links, never the input, `--force` by rename",
        &[
            "outputs::rules::a_new_file_is_its_owners_alone",
            "outputs::rules::links_inputs_and_files_that_exist_are_let_be",
            "formats::save::nothing_is_overwritten_unasked",
        ],
    ),
    (
        "seeded hashes, bounded tables",
        &[
            "laws::merge::what_is_evicted_and_what_lives_is_what_was_seen",
            "export::bound::each_is_told_with_what_it_left_out",
        ],
    ),
    (
        "fuzz targets over readers, decoder, analysis, filters, addresses and configuration",
        &["cli::kept::its_table_of_threats_is_true_of_the_source"],
    ),
    (
        "locked builds, few sources, `cargo deny`",
        &["cli::kept::its_table_of_threats_is_true_of_the_source"],
    ),
    (
        "Filters, commands and searches are edited at a cursor",
        &[
            "dashboard::model::line_editor::tests::keys_edit_at_the_cursor",
            "dashboard::update::a_prompt_is_edited_at_its_cursor_in_any_script",
        ],
    ),
    (
        "Names and text in any script, such as 乙太網路, stand in their columns",
        &[
            "base::columns::tests::wide_characters_take_two_columns_and_combining_marks_none",
            "run::interfaces::tests::names_in_any_script_are_aligned",
        ],
    ),
    (
        "their older names are understood",
        &["dashboard::update::command::tests::commands_are_sorted_and_told"],
    ),
    (
        "Pings with two identifiers are two flows",
        &["cli::analysis::whoever_asks_and_with_which_identifier_tells_pings_apart"],
    ),
    (
        "`-w` compresses as the name says",
        &["outputs::compressed::a_name_says_how_an_output_is_compressed"],
    ),
    ("a test reads the imports and fails on one that goes up", &["floors::imports_go_down_only"]),
    ("| floor | what it knows |", &["cli::readme::its_map_of_the_source_has_every_room"]),
    (
        "the tree, the bytes, JSON, filters, columns and `ipeek fields` follow",
        &[
            "cli::kept::every_field_of_the_catalogue_is_a_filter_a_column_and_listed",
            "export::tree::every_bit_of_every_header_has_a_node",
        ],
    ),
    (
        "with a README that says what each shows",
        &["cli::kept::every_capture_is_described_and_none_that_is_not_there"],
    ),
    (
        "laws fail as long as it does not merge, or text does not show it",
        &[
            "laws::merge::every_statistic_of_parts_merges_into_that_of_the_whole",
            "laws::faces::all_faces_say_the_same_of_the_bundled_captures",
        ],
    ),
    (
        "MIT or Apache-2.0, as you like",
        &["cli::kept::both_licences_are_there_and_the_manifest_names_them"],
    ),
];
