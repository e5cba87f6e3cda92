//! What the README promises of inputs: the head of the page, the first commands, "Read a capture".

use super::Promise;

pub(super) const PROMISES: &[Promise] = &[
    (
        "decodes every IPv4 and IPv6 header to the bit",
        &[
            "oracle::headers_transports_frames_and_statistics_are_as_tshark_has_them",
            "export::tree::every_bit_of_every_header_has_a_node",
            "decode::tables::rows_of_any_header_never_overlap",
        ],
    ),
    (
        "tells all about an address",
        &[
            "address::program::golden_cases_have_the_golden_answers",
            "address::program::reports_tell_what_the_rfcs_tell",
        ],
    ),
    (
        "complete (tunnels, fragments, extension headers, quotes: nothing is dropped",
        &[
            "decode::tunnels::each_version_is_carried_in_each",
            "decode::extensions::all_extension_headers_in_the_recommended_order",
            "decode::quotes::all_headers_of_a_quoted_tunnel_are_quoted",
            "export::datagram::fragments_in_any_order_are_the_datagram_that_was_sent",
        ],
    ),
    (
        "every packet seen is in the ledger, in one place",
        &["laws::merge::the_places_of_the_ledger_sum_to_all_packets"],
    ),
    (
        "what was lost is counted by who lost it",
        &[
            "live::what_is_sent_is_delivered_and_the_books_close",
            "live::counts::every_packet_that_found_no_room_is_counted_once",
        ],
    ),
    ("─ packets/s ─", &["dashboard::tools::the_screens_of_the_readme_are_those_of_the_program"]),
    (
        "A packet, its fields to the bit, and its octets",
        &["dashboard::tools::the_screens_of_the_readme_are_those_of_the_program"],
    ),
    (
        "open a capture that comes with it",
        &["cli::readme::the_tests_and_captures_that_it_names_are_there"],
    ),
    (
        "Without a terminal the same command prints a summary",
        &["cli::kept::a_capture_alone_is_the_dashboard_on_a_terminal_and_a_summary_without_one"],
    ),
    ("Run the tests:", &["cli::kept::its_test_command_installs_what_the_tests_run"]),
    (
        "makes an ipeek that reads captures and looks addresses up, and only cannot sniff",
        &["cli::kept::without_libpcap_it_reads_and_looks_up_and_only_cannot_sniff"],
    ),
    (
        "ipeek # pick: an interface, or a capture that is near",
        &["dashboard::pick::alone_on_a_terminal_it_offers_captures_and_opens_the_chosen"],
    ),
    (
        "ipeek office.pcapng # the dashboard",
        &["cli::kept::a_capture_alone_is_the_dashboard_on_a_terminal_and_a_summary_without_one"],
    ),
    (
        "-T summary # what the packets add up to",
        &[
            "summary::an_office_morning_at_eighty_columns",
            "summary::talks_are_what_hash_maps_make_of_the_flows",
        ],
    ),
    (
        "-T packets # a line a packet",
        &["export::row::every_packet_of_every_capture_has_one_safe_line"],
    ),
    (
        "# every field of the first packet, and its octets",
        &[
            "export::tree::every_bit_of_every_header_has_a_node",
            "export::lines::octets_stand_below_their_line",
        ],
    ),
    (
        "# two captures as one timeline, as events",
        &[
            "formats::stream::several_files_are_one_timeline",
            "formats::stream::many_files_are_one_timeline",
        ],
    ),
    (
        "-T fields -e ip.src,ip.dst,ip.ttl",
        &[
            "summary::columns_are_as_tshark_has_them",
            "cli::promises::a_column_may_be_one_occurrence_from_either_end",
        ],
    ),
    (
        "# every flow as a row; endpoints too",
        &["summary::flows_and_endpoints_are_tables_of_their_own"],
    ),
    (
        "--after +60s --before +90s # half a minute of it",
        &[
            "cli::packets_between_two_moments_are_those_of_the_display_filter",
            "run::time_window::tests::points_in_time_as_people_write_them",
        ],
    ),
    (
        "# a table as columns, for pyarrow, DuckDB, Polars",
        &["export::columns::every_table_of_every_capture_is_read_as_json_tells_it"],
    ),
    ("# a pipe, shown as it comes", &["cli::kept::packets_of_a_pipe_are_shown_as_they_come"]),
    (
        "# a file that is still written, and those after it",
        &[
            "outputs::follow::half_a_record_is_waited_for_octet_by_octet",
            "outputs::follow::the_next_file_of_the_name_and_one_that_was_cut_are_read_from_their_beginning",
        ],
    ),
    (
        "pcap and pcapng in every byte order and resolution",
        &[
            "formats::pcap::every_pcap_magic_is_read",
            "formats::pcapng::sections_may_differ_in_octet_order",
            "capture::clock::tests::resolutions_are_powers_of_ten_or_two",
        ],
    ),
    (
        "interfaces of different link types in one file",
        &["formats::pcapng::each_interface_has_its_own_clock_link_and_name"],
    ),
    ("gzip, zstd, lz4 and xz", &["formats::compressed::every_way_to_compress_is_read_to_its_end"]),
    (
        "regular files, FIFOs and standard input",
        &[
            "formats::stream::a_fifo_gives_records_as_they_come",
            "cli::promises::a_signal_ends_the_reading_of_a_pipe_with_what_came",
        ],
    ),
    (
        "A cut or damaged file gives what it holds",
        &[
            "formats::oracle::a_capture_cut_anywhere_ends_as_the_contract_says",
            "formats::stream::cut_gzip_gives_what_it_holds",
        ],
    ),
    (
        "to the last octet that can be decompressed",
        &[
            "formats::compressed::altered_inputs_give_no_fewer_packets_than_the_program_that_made_them",
            "formats::compressed::a_cut_input_gives_what_its_program_gives",
        ],
    ),
    (
        "then one line that says where it is damaged, and exit status 3",
        &[
            "cli::damage_says_file_octet_record_and_packets_kept",
            "cli::exit_codes_and_messages_are_those_that_are_promised",
        ],
    ),
    (
        "so does each of several",
        &["outputs::compressed::each_damaged_input_is_told_with_its_own_line"],
    ),
    (
        "Ethernet with its tags (802.1Q, 802.1ad, 802.1ah, VN-Tag, E-Tag, FabricPath, MACsec without encryption, NSH, Cisco MetaData, Broadcom's switches)",
        &[
            "decode::links::tags_stack_in_all_their_types",
            "decode::link_types::tags_behind_ethernet_give_way_to_ip",
            "decode::link_types::whole_frames_behind_a_tag_are_decoded",
            "decode::link_types::macsec_is_decoded_where_it_only_authenticates",
            "decode::link_types::metadata_of_cisco_is_a_tag",
            "decode::link_types::tags_of_broadcom_stand_before_the_frame_or_behind_its_addresses",
        ],
    ),
    (
        "802.11 (bare, radiotap, PPI, AVS, Prism; meshes, and every unit of an aggregate)",
        &[
            "decode::link_types::data_of_802_11_carries_llc",
            "decode::link_types::radiotap_ends_before_the_checksum",
            "decode::link_types::facts_of_the_radio_go_before_802_11",
            "decode::link_types::frames_of_a_mesh_have_a_control_of_their_own",
            "decode::link_types::units_of_an_aggregate_stand_beside_one_another",
        ],
    ),
    (
        "PPP, HDLC, frame relay, ATM, FDDI, token ring, ARCNET, InfiniBand, DOCSIS",
        &[
            "decode::links::ppp_comes_with_framing_or_without_and_with_a_short_protocol",
            "decode::links::cisco_hdlc_has_an_ethertype",
            "decode::link_types::frame_relay_has_addresses_of_two_to_four_octets",
            "decode::link_types::atm_carries_llc_ip_or_bridged_ethernet",
            "decode::link_types::rings_and_buses_carry_llc_or_ip",
        ],
    ),
    (
        "IEEE 802.15.4 with 6LoWPAN, Endace's cards",
        &[
            "decode::lowpan::what_stands_before_the_packet_is_read",
            "decode::lowpan::the_checksum_of_a_frame_is_none_of_its_packet",
            "decode::link_types::records_of_a_capture_card_hold_frames",
        ],
    ),
    (
        "the taps and logs of Linux, BSD, macOS, Solaris and Juniper",
        &[
            "decode::links::linux_cooked_capture_has_a_type_and_a_sender",
            "decode::link_types::logs_and_taps_name_the_family",
            "decode::link_types::juniper_goes_on_as_the_link_type_says",
        ],
    ),
    (
        "A compressed header of 6LoWPAN is shown with the octets it has and the addresses they stand for",
        &[
            "decode::lowpan::a_compressed_header_is_shown_with_the_octets_it_has",
            "decode::lowpan::addresses_are_what_their_modes_say",
        ],
    ),
    (
        "Tunnels are known by their usual numbers.",
        &[
            "decode::decode_as::tests::every_usual_port_is_one_of_the_table",
            "decode::udp_tunnels::vxlan_on_linux_port_is_told_from_what_else_is_there",
            "decode::udp_tunnels::gre_in_udp_has_a_port",
            "decode::udp_tunnels::gue_has_a_header_or_none",
            "decode::tunnels::ethernet_over_ip_of_mikrotik_carries_frames",
        ],
    ),
    (
        "What another number announces is for you to say, as tshark spells it",
        &[
            "cli::decode_as::a_number_announces_what_was_chosen",
            "config::decode_as::tests::rules_are_read_as_tshark_spells_them",
        ],
    ),
    (
        "ipeek read a.pcap -d udp.port==8473,vxlan",
        &["cli::decode_as::a_number_announces_what_was_chosen"],
    ),
    (
        "may be chosen by; the later of two rules goes first",
        &[
            "cli::decode_as::a_number_announces_what_was_chosen",
            "cli::decode_as::a_wrong_rule_is_told_with_what_would_do",
        ],
    ),
    (
        "all outputs and views decode by the same ones",
        &[
            "cli::decode_as::every_format_decodes_by_the_same_rules",
            "laws::stacks::whatever_is_decoded_as_what_packets_are_recalled_as_they_are_walked",
        ],
    ),
    (
        "A table `[decode-as]` of the configuration holds for every run",
        &["cli::decode_as::the_configuration_holds_for_every_run_and_an_option_goes_before_it"],
    ),
    (
        "Comments on packets: `frame.comment` in filters, columns, JSON and the tree",
        &[
            "told::comments_and_names_are_fields",
            "told::filters_ask_for_comments_and_names",
            "told::comments_and_names_are_as_tshark_has_them",
            "told::packets_that_are_read_again_have_their_comments",
        ],
    ),
    ("a `¶` in the dashboard's list", &["dashboard::tools::packets_with_comments_wear_a_sign"]),
    (
        "one without a name is called by its file where several are read",
        &["told::interfaces_of_merged_files_are_called_by_their_files"],
    ),
    (
        "at the head of the summary, and under `capture` in JSON's first and last event",
        &[
            "told::the_summary_begins_with_what_the_capture_says",
            "told::events_tell_what_the_capture_says_of_itself",
        ],
    ),
    (
        "is cut on a page, and says how long it is",
        &[
            "told::the_tree_has_comments_and_cuts_long_ones",
            "told::the_summary_begins_with_what_the_capture_says",
        ],
    ),
    (
        "`-T arrow` writes a table as a stream of Apache Arrow",
        &[
            "export::columns::every_table_of_every_capture_is_read_as_json_tells_it",
            "export::columns::a_stream_is_whole_messages_and_an_end",
        ],
    ),
    (
        "What is missing is null",
        &[
            "export::columns::every_table_of_every_capture_is_read_as_json_tells_it",
            "export::columns::array::tests::what_is_missing_or_has_no_room_is_null",
        ],
    ),
    (
        "A field that a packet may have several times is a list",
        &["export::columns::fields_are_lists_unless_a_header_is_named"],
    ),
    (
        "and in that of the last batch, which has no rows, the ledger and any damage",
        &["export::columns::the_last_batch_has_the_ledger_and_the_damage"],
    ),
    (
        "`--parquet PATH` writes tables as Apache Parquet beside whatever else is shown",
        &[
            "export::columns::every_table_of_every_capture_is_read_as_json_tells_it",
            "export::tables::one_table_is_a_file_and_several_are_a_folder",
        ],
    ),
    (
        "spreads the rows over folders that Hive",
        &["export::tables::rows_stand_in_folders_by_day_and_hour"],
    ),
    (
        "`-C` and `-G` begin another part by size and by time",
        &["export::tables::parts_are_begun_by_size_and_by_time_and_go_on"],
    ),
    (
        "what is killed leaves whole files",
        &["export::tables::a_run_that_is_killed_leaves_whole_parts_and_one_that_is_not"],
    ),
    (
        "Without `--force` a folder with files in it is refused",
        &["export::tables::what_is_there_is_refused_unless_it_may_be_replaced"],
    ),
    (
        "ipeek fields --table packets # the columns of a table",
        &["cli::readme::its_columns_are_those_of_the_tables"],
    ),
    ("`packets`: A row a packet", &["cli::readme::its_columns_are_those_of_the_tables"]),
    (
        "| `file` | utf8 | The file it was read from",
        &["cli::readme::its_columns_are_those_of_the_tables"],
    ),
    ("`flows`: A row a flow", &["cli::readme::its_columns_are_those_of_the_tables"]),
    (
        "| `file` | utf8 | The file its packets were read from",
        &["cli::readme::its_columns_are_those_of_the_tables"],
    ),
    ("`endpoints`: A row an address", &["cli::readme::its_columns_are_those_of_the_tables"]),
    (
        "| `file` | utf8 | The file it was met in",
        &["cli::readme::its_columns_are_those_of_the_tables"],
    ),
    ("`anomalies`: A row an anomaly", &["cli::readme::its_columns_are_those_of_the_tables"]),
    (
        "| `file` | utf8 | The file the packet was read from",
        &["cli::readme::its_columns_are_those_of_the_tables"],
    ),
];
