//! What the README promises of live captures, outputs and the ledger.

use super::Promise;

pub(super) const PROMISES: &[Promise] = &[
    (
        "# the first interface that is up",
        &["live::told::unnamed_it_is_the_first_interface_that_is_up_and_not_loopback"],
    ),
    (
        "# two interfaces, a BPF filter",
        &[
            "live::several_interfaces_are_one_source_and_snaplen_cuts",
            "cli::promises::several_interfaces_are_all_sniffed",
        ],
    ),
    (
        "# watch and save",
        &[
            "outputs::interrupts::recordings_that_are_interrupted_twice_have_every_packet_and_their_name",
        ],
    ),
    ("# a file an hour", &["outputs::rotation::files_by_time_hold_what_their_seconds_had"]),
    (
        "# what can be sniffed, and why not",
        &[
            "live::counts::an_interface_whose_name_is_no_text_is_listed_and_hides_no_other",
            "cli::kept::whoever_may_not_capture_is_told_why_and_what_to_do_and_ends_with_6",
        ],
    ),
    (
        "`-C` begins another file by size",
        &["outputs::rotation::no_file_is_larger_than_asked_and_nothing_is_missing"],
    ),
    (
        "`-G` by seconds of the packets' clock",
        &["outputs::rotation::files_by_time_hold_what_their_seconds_had"],
    ),
    (
        "`--rotate-packets` by packets",
        &[
            "outputs::rotation::files_by_packets_are_numbered_and_the_next_series_goes_on_after_them",
        ],
    ),
    (
        "A series goes on after the numbers that are there and leaves those files alone",
        &[
            "outputs::rotation::files_by_packets_are_numbered_and_the_next_series_goes_on_after_them",
        ],
    ),
    (
        "(`--force` begins at 1 and replaces)",
        &[
            "outputs::rotation::files_by_packets_are_numbered_and_the_next_series_goes_on_after_them",
        ],
    ),
    (
        "with `-W` the oldest of this run make room",
        &[
            "outputs::rotation::files_by_packets_are_numbered_and_the_next_series_goes_on_after_them",
            "outputs::full::kept_and_lost_are_what_was_seen_and_the_file_is_whole",
        ],
    ),
    (
        "Sizes are tcpdump's: `1` is 1,000,000 octets, `k`, `m` and `g` are powers of 1024",
        &["outputs::rotation::sizes_are_those_of_tcpdump"],
    ),
    (
        "When a disk is full the file ends on a whole record",
        &[
            "outputs::full::kept_and_lost_are_what_was_seen_and_the_file_is_whole",
            "outputs::full::events_on_a_full_disk_end_on_a_whole_line",
        ],
    ),
    (
        "the message says what became of every packet",
        &[
            "outputs::full::kept_and_lost_are_what_was_seen_and_the_file_is_whole",
            "live::load::a_full_disk_ends_it_and_every_packet_is_accounted_for",
        ],
    ),
    (
        "the older file stays until the new one is whole and on the disk",
        &[
            "outputs::replace::an_older_file_goes_when_the_new_one_is_on_the_disk",
            "guard::a_run_that_writes_to_a_folder_of_roots_is_not_root",
        ],
    ),
    (
        "when that fails it stays for good, and the message says where the part lies",
        &[
            "outputs::replace::a_full_disk_leaves_the_older_capture_and_says_where_the_part_lies",
            "outputs::replace::a_series_on_a_full_disk_leaves_every_file_that_it_cannot_replace",
            "formats::save::a_new_file_that_cannot_take_its_place_stays_and_is_told",
        ],
    ),
    (
        "so it does when the run fails, when no packet came before a signal",
        &[
            "outputs::unfinished::an_input_that_is_no_capture_replaces_nothing",
            "outputs::unfinished::a_machine_without_threads_replaces_nothing",
            "outputs::unfinished::an_input_that_fails_halfway_leaves_the_older_files_and_names_the_parts",
            "outputs::unfinished::an_end_before_the_first_packet_replaces_nothing",
        ],
    ),
    (
        "and when another output ended it: a closed pipe, a full disk. Each output that fails is told.",
        &[
            "outputs::unfinished::a_closed_pipe_leaves_the_older_capture_and_names_the_part",
            "outputs::replace::one_output_that_fails_leaves_what_another_was_to_replace",
            "outputs::unfinished::outputs_on_one_full_disk_are_all_told",
        ],
    ),
    (
        "Outputs that would write over each other, links among them, are refused before anything is written",
        &[
            "outputs::rules::two_outputs_never_write_over_each_other",
            "outputs::rules::an_output_that_is_a_standard_stream_is_refused",
        ],
    ),
    (
        "`.gz`, `.zst`, `.lz4` or `.xz` behind the name compresses",
        &["outputs::compressed::a_name_says_how_an_output_is_compressed"],
    ),
    (
        "sizes are then those of the compressed file",
        &[
            "outputs::compressed::sizes_of_a_series_are_those_of_the_compressed_files",
            "outputs::compressed::no_compressed_file_of_a_series_is_larger_than_asked_or_far_smaller",
        ],
    ),
    (
        "Only a compressed FIFO that nobody takes anything of can break off within a record",
        &[
            "outputs::compressed::a_compressed_fifo_that_stalls_has_whole_packets_before_the_last_piece",
        ],
    ),
    (
        "stays what it was, block for block",
        &[
            "formats::copy::a_copy_is_the_same_block_for_block_in_every_section",
            "formats::copy::real_captures_are_copied_block_for_block",
            "told::what_is_written_keeps_comments_and_descriptions",
        ],
    ),
    (
        "A filter takes packets away and leaves the rest",
        &["formats::copy::a_filter_takes_packets_away_and_what_must_not_be_copied_then"],
    ),
    (
        "several inputs become one section with all their interfaces",
        &["formats::copy::a_merge_is_one_section_with_all_interfaces_and_options"],
    ),
    (
        "An interface that goes down and comes back keeps the capture going",
        &[
            "live::down_and_up_address_and_mtu_are_told_and_the_capture_goes_on",
            "live::load::a_while_without_the_interface_is_told_and_the_books_close",
        ],
    ),
    (
        "in text on standard error, in JSON as `interface.gap` with both times, in the summary under Trouble",
        &["live::told::what_happens_to_an_interface_is_told_in_every_face"],
    ),
    (
        "So are changes of its MTU and its addresses (Linux)",
        &[
            "live::told::what_happens_to_an_interface_is_told_in_every_face",
            "live::down_and_up_address_and_mtu_are_told_and_the_capture_goes_on",
        ],
    ),
    (
        "Who reads the JSON of a live capture too slowly costs records, never packets",
        &["live::load::a_reader_that_stops_for_a_while_costs_records_and_no_packet"],
    ),
    (
        "16 MiB wait for him",
        &["live::load::a_reader_that_stops_for_a_while_costs_records_and_no_packet"],
    ),
    (
        "the stream says how many are missing where they are (`output.records.left_out`)",
        &["live::load::a_reader_that_stops_for_a_while_costs_records_and_no_packet"],
    ),
    (
        "The dashboard says `unwritten`",
        &["dashboard::live::records_that_are_not_written_are_told_on_the_screen"],
    ),
    (
        "`--on-slow block` waits instead, and the kernel drops what does not fit",
        &["live::told::with_on_slow_block_the_kernel_drops_and_no_record_is_left_out"],
    ),
    (
        "Not root? ipeek says which `setcap` line lets this very program capture",
        &[
            "cli::kept::whoever_may_not_capture_is_told_why_and_what_to_do_and_ends_with_6",
            "capture::live::device::tests::the_hint_names_this_program",
        ],
    ),
    (
        "The ledger is the last line",
        &[
            "summary::the_ledger_is_as_scripts_read_it",
            "live::load::an_interface_that_goes_away_closes_the_books",
            "live::load::a_signal_under_load_ends_it_and_the_books_close",
        ],
    ),
    (
        "A number that nobody can know is `?`, in JSON null, never 0",
        &[
            "summary::what_is_not_known_is_no_zero_in_the_ledger",
            "live::counts::nobody_knows_what_all_interfaces_together_dropped",
            "live::counts::without_sys_loopback_counts_once_and_the_interface_is_not_known",
        ],
    ),
    (
        "`dropped: kernel 33, interface 11`",
        &[
            "formats::dropped::interface_statistics_are_summed_and_the_last_of_each_interface_counts",
        ],
    ),
    (
        "`dropped: kernel ?, interface ?`",
        &["formats::dropped::a_file_without_statistics_does_not_know_and_says_so"],
    ),
];
