-- Until now the region has had each case itself.
UPDATE review_case SET office = region WHERE office = ''
