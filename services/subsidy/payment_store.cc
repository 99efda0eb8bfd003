#include "services/subsidy/payment_store.h"

namespace alliance::subsidy {
namespace {

std::string_view StateOf(const PaymentList& list) {
  return list.released ? "RELEASED" : "PREPARED";
}

}  // namespace

void InsertPaymentList(db::Txn& txn, const PaymentList& l, const std::vector<PaymentLine>& lines) {
  static constexpr db::Sql kInsert = {
      "subsidy.insert_payment_list",
      "INSERT INTO payment_list (id, plan_id, state, version, total_fen, digest, preparer, "
      "prepare_us, released_by, release_us) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"};
  static constexpr db::Sql kInsertLines = {
      "subsidy.insert_payment_lines",
      "INSERT INTO payment_line (id, list_id, case_id, bank_account, account_holder, amount_fen) "
      "VALUES"};
  txn.Exec(kInsert, l.id, l.plan_id, StateOf(l), l.version, l.total_fen, l.digest, l.preparer,
           l.prepare, l.released_by, l.release);
  std::vector<db::Param> values;
  for (const PaymentLine& line : lines) {
    values.insert(values.end(), {line.id, line.list_id, line.case_id, line.bank_account,
                                 line.account_holder, line.amount_fen});
  }
  txn.InsertMany(kInsertLines, 6, values);
}

std::optional<PaymentList> LockPaymentList(db::Txn& txn, std::string_view id) {
  static constexpr db::Sql kLock = {
      "subsidy.lock_payment_list",
      "SELECT id, plan_id, state, version, total_fen, digest, preparer, prepare_us, released_by, "
      "release_us FROM payment_list WHERE id=? FOR UPDATE"};
  const auto row = txn.QueryOne(kLock, id);
  if (!row) return std::nullopt;
  return PaymentList{.id = row->Get<std::string>(0),
                     .plan_id = row->Get<std::string>(1),
                     .released = row->Get<std::string>(2) == "RELEASED",
                     .version = row->Get<int64_t>(3),
                     .total_fen = row->Get<int64_t>(4),
                     .digest = row->Get<std::string>(5),
                     .preparer = row->Get<std::string>(6),
                     .prepare = row->Get<absl::Time>(7),
                     .released_by = row->Get<std::string>(8),
                     .release = row->Get<std::optional<absl::Time>>(9)};
}

bool SavePaymentList(db::Txn& txn, PaymentList& l) {
  static constexpr db::Sql kSave = {
      "subsidy.save_payment_list",
      "UPDATE payment_list SET state=?, released_by=?, release_us=?, version=version+1 "
      "WHERE id=? AND version=?"};
  if (txn.Exec(kSave, StateOf(l), l.released_by, l.release, l.id, l.version) != 1) return false;
  ++l.version;
  return true;
}

std::vector<PaymentLine> ListPaymentLines(db::Txn& txn, std::string_view list_id) {
  static constexpr db::Sql kList = {
      "subsidy.list_payment_lines",
      "SELECT id, list_id, case_id, bank_account, account_holder, amount_fen FROM payment_line "
      "WHERE list_id=? ORDER BY case_id LIMIT 1000"};
  std::vector<PaymentLine> lines;
  for (const db::Row& row : txn.Query(kList, list_id)) {
    lines.push_back({.id = row.Get<std::string>(0),
                     .list_id = row.Get<std::string>(1),
                     .case_id = row.Get<std::string>(2),
                     .bank_account = row.Get<std::string>(3),
                     .account_holder = row.Get<std::string>(4),
                     .amount_fen = row.Get<int64_t>(5)});
  }
  return lines;
}

audit::SealedRow SealOf(const PaymentList& l) {
  return audit::Seal("payment_list", l.id,
                     {{"plan_id", l.plan_id},
                      {"state", StateOf(l)},
                      {"version", l.version},
                      {"total_fen", l.total_fen},
                      {"digest", l.digest},
                      {"preparer", l.preparer},
                      {"released_by", l.released_by}});
}

audit::SealedRow SealOf(const PaymentLine& line) {
  return audit::Seal("payment_line", line.id,
                     {{"list_id", line.list_id},
                      {"case_id", line.case_id},
                      {"bank_account", line.bank_account},
                      {"account_holder", line.account_holder},
                      {"amount_fen", line.amount_fen}});
}

bool InsertBankReceipt(db::Txn& txn, const BankReceipt& r) {
  static constexpr db::Sql kInsert = {
      "subsidy.insert_bank_receipt",
      "INSERT INTO bank_receipt (id, case_id, kind, amount_fen, receipt_sha256, receive_us) "
      "VALUES (?, ?, ?, ?, ?, ?)"};
  return txn.InsertIfAbsent(kInsert, r.id, r.case_id, r.kind, r.amount_fen, r.receipt_sha256,
                            r.receive);
}

audit::SealedRow SealOf(const BankReceipt& r) {
  return audit::Seal("bank_receipt", r.id,
                     {{"case_id", r.case_id},
                      {"kind", r.kind},
                      {"amount_fen", r.amount_fen},
                      {"receipt_sha256", r.receipt_sha256},
                      {"receive_us", r.receive}});
}

}  // namespace alliance::subsidy
