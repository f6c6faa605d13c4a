-- When the last check had no answer. NULL after a check with an answer.
ALTER TABLE qris_invoice ADD COLUMN unanswered_at TIMESTAMPTZ;
