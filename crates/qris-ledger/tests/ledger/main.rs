//! Tests of the ledger against real databases.

#[cfg(test)]
mod catching_up;
#[cfg(test)]
mod checks;
#[cfg(test)]
mod codes;
#[path = "../disk/mod.rs"]
mod disk;
#[cfg(test)]
mod file;
#[cfg(test)]
mod finding;
#[cfg(test)]
mod forgetting;
#[cfg(all(test, feature = "postgres"))]
mod growth;
#[cfg(all(test, feature = "postgres"))]
mod invalid_row;
#[cfg(test)]
mod merchants;
#[cfg(test)]
mod migration;
#[cfg(test)]
mod orders;
#[cfg(test)]
mod outbox;
#[cfg(test)]
mod paid_late;
#[cfg(test)]
mod pay_links;
#[cfg(test)]
mod payments;
#[cfg(test)]
mod people;
#[cfg(test)]
mod plans;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod random;
#[cfg(test)]
mod reports;
#[cfg(all(test, feature = "postgres"))]
mod server;
#[cfg(test)]
mod settled;
#[cfg(test)]
mod settlements;
#[cfg(test)]
mod shift_sums;
#[cfg(test)]
mod shifts;
#[cfg(test)]
mod showing;
#[cfg(test)]
mod thinning;
#[cfg(test)]
mod totals;
#[cfg(test)]
mod unbooked;
#[cfg(test)]
mod used;
#[cfg(test)]
mod watching;

use std::path::PathBuf;

use qris_api::{Invoice, Rupiah, Schedule, TransactionNumber, WibTime};
use qris_ledger::{Channel, Error, Intent, Ledger, NewOrder, Request, State};
use tempfile::TempDir;

#[cfg(feature = "postgres")]
#[path = "../postgres/mod.rs"]
mod postgres;

/// A separate ledger for each test, deleted at its end.
pub(crate) struct TestDatabase {
    folder: TempDir,
    url: String,
}

impl TestDatabase {
    fn in_a_file() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let url = format!("sqlite://{}", folder.path().join("qris.db").display());
        Self { folder, url }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("qris.db")
    }

    #[track_caller]
    fn open(&self) -> Ledger {
        Ledger::connect(&self.url).expect("the database open")
    }
}

/// Steps of a shop with one code for each number.
pub(crate) trait OneCode {
    fn ask(
        &mut self,
        number: &TransactionNumber,
        amount: Rupiah,
        channel: Channel,
        now: WibTime,
    ) -> Result<Request, Error>;
    fn last_intent(&self, number: &TransactionNumber) -> Result<Intent, Error>;
    fn made(&mut self, invoice: &Invoice, schedule: &Schedule, now: WibTime) -> Result<(), Error>;
    fn refused(&mut self, number: &TransactionNumber, now: WibTime) -> Result<(), Error>;
    fn lost(
        &mut self,
        number: &TransactionNumber,
        why: Option<&str>,
        now: WibTime,
    ) -> Result<(), Error>;
}

impl OneCode for Ledger {
    fn ask(
        &mut self,
        number: &TransactionNumber,
        amount: Rupiah,
        channel: Channel,
        now: WibTime,
    ) -> Result<Request, Error> {
        let mut order = NewOrder::new(number.clone(), amount);
        order.channel = channel;
        self.request(&order, now)
    }

    fn last_intent(&self, number: &TransactionNumber) -> Result<Intent, Error> {
        let order = self.find(number)?.ok_or(Error::Absent)?;
        let found = order.state;
        order.intent().ok_or(Error::State { expected: &[State::Requested], found })
    }

    fn made(&mut self, invoice: &Invoice, schedule: &Schedule, now: WibTime) -> Result<(), Error> {
        let intent = self.last_intent(&invoice.number)?;
        self.record_created(&intent, invoice, schedule, now)
    }

    fn refused(&mut self, number: &TransactionNumber, now: WibTime) -> Result<(), Error> {
        let intent = self.last_intent(number)?;
        self.record_rejected(&intent, now)
    }

    fn lost(
        &mut self,
        number: &TransactionNumber,
        why: Option<&str>,
        now: WibTime,
    ) -> Result<(), Error> {
        let intent = self.last_intent(number)?;
        self.record_unknown(&intent, why, now)
    }
}

/// Makes each function a test on a SQLite file, and a list of all for PostgreSQL.
macro_rules! on_both_databases {
    ($($module:ident { $($test:ident),* $(,)? })*) => {
        mod in_a_file {
            $($(
                #[test]
                fn $test() {
                    crate::$module::$test(&crate::TestDatabase::in_a_file());
                }
            )*)*
        }

        #[cfg(feature = "postgres")]
        type SharedTest = fn(&TestDatabase);

        #[cfg(feature = "postgres")]
        const SHARED_TESTS: &[(&str, SharedTest)] = &[$($((stringify!($test), $module::$test)),*),*];
    };
}

on_both_databases! {
    people {
        a_name_is_one_users_in_any_spelling_until_the_user_is_revoked,
        five_tries_may_fail_and_each_pause_is_twice_the_one_before,
        failed_tries_outlive_the_process_and_end_with_the_right_pin,
        of_many_that_try_at_once_five_are_let_try,
        a_session_ends_with_its_pin_its_user_or_itself,
        a_pin_that_was_changed_during_a_try_opens_nothing,
        a_token_is_found_by_its_hash_until_it_is_revoked,
        it_is_known_when_a_session_was_last_used,
    }
    plans {
        a_period_makes_one_open_order_at_midnight_in_wib,
        what_was_missed_is_made_once_by_all_processes_together,
        a_bill_whose_number_another_order_has_is_named_until_a_person_acts,
        a_plan_that_begins_long_ago_is_refused,
        a_changed_amount_counts_from_the_next_period_on,
        a_paused_plan_makes_nothing_of_the_dates_that_pass,
        a_plan_ends_after_its_last_date,
        a_plan_that_can_make_no_orders_is_refused,
        an_overdue_order_has_one_event_and_keeps_its_state,
        bills_are_owed_until_they_are_paid_or_cancelled,
        an_import_is_recorded_completely_or_not_at_all,
    }
    shifts {
        a_payment_is_in_the_shift_in_which_it_was_booked,
        one_shift_of_a_merchant_is_open_and_numbers_have_no_gap,
        late_and_second_payments_and_cancelled_orders_are_named,
        what_is_paid_while_no_shift_is_open_is_named_in_the_next_report_and_no_other,
        a_shift_is_not_closed_over_an_order_without_an_answer_unless_that_is_accepted,
        a_closed_shift_keeps_its_totals_when_a_payment_comes_later,
        of_many_that_open_and_close_shifts_at_once_each_shift_is_opened_and_closed_by_one,
        a_payment_that_is_booked_while_its_shift_is_closed_is_in_one_report,
        a_payment_of_a_code_that_was_found_later_is_in_the_shift_in_which_it_was_found,
    }
    settled {
        a_payment_that_the_ledger_lacks_is_booked_from_its_line_once_and_counts_like_any_other,
        one_of_many_concurrent_callers_records_a_settlement_line,
        a_line_with_an_orders_invoice_or_rrn_is_not_recorded,
        a_webhook_that_was_kept_of_a_line_is_used_up_by_its_booking,
        a_line_that_may_be_of_an_order_in_the_ledger_is_asked_about_first,
        a_paid_order_that_allows_a_tip_is_named_for_a_larger_line_of_the_same_minute,
        a_line_takes_another_number_where_an_order_has_its_own,
        an_order_that_is_paid_by_the_table_alone_is_checked_again_and_stays_as_it_is,
        checks_of_many_orders_that_are_paid_by_the_table_alone_are_six_seconds_apart,
    }
    settlements {
        a_line_is_there_once_and_takes_what_it_did_not_know_in_any_order,
        a_line_that_contradicts_the_ledger_keeps_all_others_of_its_import_out,
        settlement_lines_are_one_merchants_and_of_the_days_on_which_they_were_paid,
        of_many_that_import_the_same_lines_at_once_each_line_is_new_to_one,
    }
    forgetting {
        a_payer_is_forgotten_of_what_was_paid_before_the_day_and_of_nothing_else,
        a_day_that_is_to_come_forgets_no_payment_of_today,
        the_history_of_each_order_says_who_had_its_payer_forgotten,
        each_step_forgets_a_few_orders_and_what_is_left_is_forgotten_by_the_next_run,
        an_event_keeps_the_name_until_the_endpoints_that_are_on_have_it,
        a_kept_webhook_loses_its_name_once_it_is_old_and_not_checked_any_more,
        the_customer_of_a_paid_bill_and_of_a_plan_that_has_ended_is_forgotten,
        one_merchants_payers_are_forgotten_and_no_others,
    }
    properties {
        everything_recorded_is_there_after_reopening,
        the_intent_is_in_the_file_before_the_provider_is_asked,
        the_same_number_and_amount_give_the_live_invoice_again,
        the_same_number_with_another_amount_is_a_conflict_and_changes_nothing,
        a_refused_number_may_be_asked_for_again_with_its_amount_and_no_other,
        an_invoice_whose_making_was_unknown_may_be_found_after_all,
        an_invoice_id_belongs_to_one_number,
        an_invoice_with_another_amount_than_requested_is_not_recorded,
        a_payment_is_booked_once_with_who_how_and_when,
        the_providers_word_on_the_time_of_payment_goes_before_the_ledgers,
        an_unpaid_reply_settles_nothing,
        a_payment_for_an_unknown_invoice_is_an_error,
        a_late_payment_settles_an_expired_invoice,
        a_payment_of_a_cancelled_order_is_recorded,
        a_paid_invoice_can_be_neither_cancelled_nor_expired_nor_created_again,
        every_step_on_an_unknown_number_is_an_error,
        of_many_connections_that_settle_at_once_each_invoice_is_settled_by_one,
        of_many_connections_that_ask_for_one_number_at_once_one_may_ask_the_provider,
        the_list_is_newest_first_and_no_longer_than_asked_for,
    }
    checks {
        checks_fall_due_at_their_time_the_most_overdue_first,
        an_invoice_is_first_due_when_its_schedule_says,
        an_invoice_is_one_claimants_until_the_claim_ends,
        one_invoice_can_be_claimed_when_it_is_due_and_within_the_budget,
        a_check_that_was_made_is_due_again_when_it_is_said_to_be,
        a_check_without_an_answer_is_known_of_until_one_has_one,
        a_manual_check_requested_during_a_check_is_kept_when_it_ends,
        processes_that_claim_at_once_get_invoices_of_their_own,
        a_key_is_asked_no_oftener_than_its_budget_by_all_processes_together,
        after_midnight_a_check_takes_two_turns,
        a_clock_that_was_set_back_leaves_no_invoice_unwatched,
        an_invoice_given_up_by_a_clock_that_was_ahead_is_watched_again,
        the_button_has_three_presses_fifteen_seconds_apart,
        a_paid_invoice_has_no_button,
        the_first_webhook_makes_an_invoice_due_and_no_other_does_while_it_is_open,
        a_cancelled_invoice_is_due_when_it_would_have_been_without_the_cancel,
        an_intent_whose_process_was_killed_becomes_unknown,
        an_intent_of_a_clock_that_was_far_ahead_becomes_unknown_now,
    }
    catching_up {
        every_code_is_due_soon_once_though_webhooks_made_the_checks_few,
        codes_are_due_in_groups_newest_first_and_leave_slots_for_current_sales,
        a_check_in_progress_and_a_manual_check_keep_their_gap,
        what_cannot_be_paid_and_what_was_answered_for_good_is_not_checked_again,
    }
    paid_late {
        an_order_is_paid_late_exactly_when_its_event_and_its_story_say_so,
        a_second_code_of_a_paid_order_that_becomes_unknown_is_in_the_history_until_a_person_ends_it,
    }
    reports {
        a_report_is_added_up_by_day_or_by_channel,
        the_export_has_every_record_with_its_history,
        an_export_of_more_than_a_page_skips_and_repeats_nothing,
        the_report_counts_by_day_in_wib_and_by_channel,
        a_list_of_payments_has_what_a_bank_statement_is_held_against,
        neither_records_nor_errors_show_the_payer,
    }
    watching {
        a_payment_is_found_after_any_outage_of_the_provider_at_the_end,
        what_fell_due_while_no_process_ran_is_made_up_after_a_restart,
        nothing_that_may_be_paid_and_had_no_final_answer_is_without_a_next_check,
        a_host_clock_that_was_wrong_at_the_sale_cuts_no_watching_short,
        a_clock_set_back_by_any_time_puts_no_check_off_for_longer_than_a_gap,
        a_webhook_is_open_until_three_answers_and_its_next_repeat_opens_it_again,
        no_manual_check_and_no_repeated_webhook_breaks_the_gap_after_the_last_check,
        a_webhook_stays_open_while_its_checks_have_no_answer,
        a_check_that_is_due_in_hours_is_not_due_now,
        an_invoice_is_asked_about_no_oftener_when_no_answer_can_be_read,
        a_pause_of_the_key_puts_checks_off_and_uses_up_nothing,
        manual_checks_and_webhooks_go_before_the_schedule_and_have_reserved_slots,
        slots_are_reserved_for_webhooks_after_the_schedule_used_its_share,
    }
    payments {
        a_webhooks_values_are_kept_if_the_check_has_none,
        a_reference_number_that_comes_after_the_payment_is_kept_and_changes_nothing_else,
        a_later_webhook_fills_what_is_missing_and_replaces_nothing,
        a_webhook_is_no_payment_until_a_check_confirms_it,
        an_impossible_payment_time_becomes_now_and_is_kept_in_the_event,
        a_webhooks_time_replaces_an_impossible_one,
        payers_names_are_kept_without_what_no_name_has,
        numbers_of_any_printable_ascii_are_kept_apart,
        why_an_outcome_is_unknown_is_in_the_event,
    }
    showing {
        an_invoice_expires_when_it_is_no_longer_shown_and_not_a_second_before,
        the_display_time_ends_by_the_clock_before_the_expiry_is_recorded,
        an_invoice_that_is_no_longer_shown_is_watched_to_the_end_of_validity_and_grace,
        a_qr_is_shown_no_longer_than_it_is_valid,
        an_invoice_of_another_merchant_is_refused_until_the_owner_says_so,
        an_invoice_of_another_number_is_not_shown_and_its_id_is_kept,
        what_must_not_be_shown_is_kept_in_the_event_of_one_that_is_unknown_already,
        a_label_that_is_no_invoices_id_is_in_the_event_and_the_qr_is_shown,
        an_id_that_the_database_cannot_hold_is_kept_in_words,
        of_creates_at_once_with_one_qr_one_is_shown,
        a_request_date_that_cannot_be_true_shows_no_qr_too_long_and_watches_none_too_short,
        a_ledger_remembers_its_account_and_refuses_another,
    }
    unbooked {
        a_webhook_of_an_invoice_that_is_not_booked_is_kept_once_and_listed,
        a_later_webhook_of_an_unbooked_invoice_fills_what_is_missing,
        a_webhook_whose_note_has_number_and_amount_is_offered_for_the_unknown_sale,
        a_webhook_whose_note_has_another_amount_or_number_is_offered_for_none,
        an_unknown_sale_is_paid_once_its_invoice_is_found_and_paid,
        a_candidate_is_one_claimants_and_checked_again_until_an_answer_after_the_end,
        a_candidate_of_a_sale_that_is_being_asked_for_waits_for_its_outcome,
        an_invoice_of_another_sale_resolves_nothing,
        an_invoice_that_a_person_names_is_watched_and_the_sale_stays_unknown,
        a_sale_that_a_person_says_was_not_made_can_be_asked_for_again,
        a_late_payment_of_an_order_that_was_resolved_as_not_made_is_recorded,
        of_many_that_resolve_at_once_one_settles,
        a_check_outside_the_schedule_takes_a_slot_of_the_budget,
        an_invoice_that_is_named_is_checked_by_the_day_of_its_own_request,
    }
    used {
        a_number_that_was_paid_on_an_earlier_day_is_a_conflict_that_names_the_day,
        a_number_that_expired_on_an_earlier_day_is_a_conflict,
        the_same_reference_gives_the_paid_invoice_of_an_earlier_day_again,
        a_number_that_was_paid_after_midnight_is_of_today,
        a_number_with_another_reference_is_a_conflict_on_the_same_day_too,
    }
    orders {
        an_order_is_open_until_its_first_code_is_asked_for,
        open_shown_and_expired_orders_can_be_cancelled_and_no_others,
        the_terms_of_an_order_are_kept_as_they_were_said,
        a_payment_is_to_be_acknowledged_until_it_was_once,
        what_a_person_should_look_at_is_listed_until_it_has_ended,
        an_orders_codes_are_claimed_at_once_within_gap_and_budget,
        every_event_says_who_did_it,
        of_many_connections_that_renew_an_order_at_once_one_may_ask_for_a_code,
        of_many_that_renew_settle_and_cancel_at_once_the_order_is_paid_once,
    }
    codes {
        another_code_is_asked_for_only_of_an_order_that_has_expired,
        the_first_code_is_asked_for_only_of_an_open_order_and_on_its_terms,
        another_code_waits_until_each_older_one_was_answered_within_the_last_minute,
        an_order_has_one_pending_code_and_shows_the_newest,
        an_expired_order_is_renewed_before_its_expiry_is_recorded,
        a_manual_check_after_a_refused_renewal_checks_the_older_code,
        the_payment_of_an_older_code_settles_the_order_and_the_newer_one_is_watched_unseen,
        a_second_payment_is_recorded_and_reported_as_overpaid,
        a_reply_that_comes_after_its_outcome_was_resolved_is_booked_on_its_own_row,
        an_order_whose_newest_request_is_refused_waits_for_the_code_that_came_late,
        what_must_not_be_shown_of_a_late_reply_leaves_the_order_as_it_is,
    }
    finding {
        orders_are_found_by_state_channel_and_day,
        unfinished_orders_are_the_ones_that_wait_for_a_code_a_payment_or_a_person,
        a_search_finds_number_description_reference_rrn_method_and_amount,
        a_whole_number_or_rrn_finds_its_order_alone_within_the_rest_of_the_filter,
        pages_of_orders_skip_and_repeat_nothing,
    }
    merchants {
        a_merchant_is_made_once_and_keeps_its_orders,
        two_merchants_may_have_the_same_number_and_the_same_invoice_id,
        lists_reports_and_searches_are_one_merchants,
        one_code_is_never_shown_for_two_merchants,
        each_merchant_has_an_account_and_an_nmid_of_its_own,
        one_merchants_checks_use_no_slot_of_another,
        it_is_known_which_merchants_have_a_check_that_is_due,
        one_merchants_clock_ends_no_code_of_another,
        the_changes_after_an_event_are_those_of_all_merchants_since,
    }
    thinning {
        after_five_announced_payments_an_invoice_has_two_checks,
        one_payment_that_no_webhook_announced_brings_the_polls_back,
        announcements_of_more_than_an_hour_ago_do_not_count,
        invoices_that_a_person_found_are_no_announcements,
        once_a_day_each_unpaid_invoice_of_the_day_is_checked_again,
        days_on_which_no_process_ran_are_swept_by_the_next_that_runs,
        the_checks_of_a_sweep_leave_free_slots_for_current_sales,
    }
    pay_links {
        an_order_has_the_link_that_its_secret_finds,
        a_number_that_is_asked_for_again_keeps_its_link,
        only_orders_that_were_recorded_with_the_same_key_have_a_link,
        events_have_the_link_and_neither_the_outbox_nor_the_export_has,
        orders_that_were_booked_without_a_link_get_one_of_each_merchant_and_keep_the_others,
    }
    totals {
        totals_are_the_sums_of_the_orders_when_ten_tills_book_at_once,
        a_payment_that_a_later_report_takes_in_moves_no_total,
    }
    outbox {
        each_step_writes_its_event,
        an_event_has_the_order_as_it_was_when_it_was_booked,
        a_rolled_back_step_writes_no_event_and_leaves_no_gap,
        a_program_that_follows_the_cursor_misses_nothing_with_many_writers,
        merchants_get_only_events_of_their_own_orders,
        an_endpoint_gets_what_it_wants_and_of_one_order_one_after_the_other,
        a_delivery_is_one_processs_until_its_lease_ends,
        of_many_processes_that_deliver_at_once_each_row_is_tried_by_one,
        what_a_clock_put_off_that_was_set_back_is_delivered,
        a_rotated_secret_signs_beside_the_new_one_until_its_time_is_over,
        nothing_is_delivered_to_an_endpoint_that_is_off_gone_or_deleted,
        an_endpoint_that_is_on_again_gets_what_waited_and_what_it_missed,
        a_merchant_has_one_endpoint_for_a_url,
        an_orders_own_url_receives_only_that_orders_events,
        a_delivery_is_deleted_thirty_days_after_its_end_and_its_event_never,
        what_is_sent_again_is_kept_until_it_has_ended_again,
    }
}
