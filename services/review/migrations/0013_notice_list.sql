-- The public list: latest start first.
CREATE INDEX notice_batch_list ON notice_batch (opens_us, id)
