-- When the provider was last asked and did not answer, while that is how things stand.
ALTER TABLE qris_invoice ADD COLUMN unanswered_at TEXT;
