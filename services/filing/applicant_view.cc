#include "services/filing/applicant_view.h"

#include "alliance/events/v1/events.pb.h"
#include "common/act/wire_time.h"
#include "common/domain/form_fields.h"
#include "common/domain/mask.h"
#include "common/domain/next_step.h"
#include "services/filing/convert.h"

namespace alliance::filing {
namespace {

// As the directory shows it: a number that is a person's mobile is masked. A zone is
// not in the directory.
void FillOffice(const rules::Pack& pack, const std::string& region, v1::NextStep* step) {
  if (const rules::Recommender* recommender = pack.FindRecommender(region)) {
    step->set_office_name(recommender->name);
  }
  for (const auto& office : pack.proto().offices()) {
    if (office.region() != region) continue;
    step->set_office_phone(office.mobile() ? domain::MaskPhone(office.phone()) : office.phone());
  }
}

}  // namespace

void FillNextStep(const Application& row, const rules::Pack& pack, const domain::CaseTimes& times,
                  absl::Time now, v1::Application* out) {
  const domain::NextStep next = domain::NextStepOf(row.state, times);
  if (row.state == domain::State::kReturned) {
    act::SetTime(times.correcting().closes, out->mutable_correction_deadline_time());
  }
  v1::NextStep* step = out->mutable_next_step();
  if (next.who) step->set_role(std::string(domain::WordOf(*next.who)));
  step->set_who_zh(std::string(next.who_zh));
  step->set_who_en(std::string(next.who_en));
  step->set_task_zh(std::string(next.task_zh));
  step->set_task_en(std::string(next.task_en));
  if (next.who == domain::Role::kRecommender) FillOffice(pack, row.region, step);
  if (next.deadline) act::SetTime(*next.deadline, step->mutable_deadline_time());
  step->set_seconds_left(next.SecondsLeft(now));
}

void FillReturn(const Draft& draft, const rules::Pack& pack, v1::Application* out) {
  events::v1::ApplicationReturned returned;
  returned.ParseFromString(draft.marks);  // our own bytes: an empty text has no marks
  out->set_return_reason(returned.reason());
  *out->mutable_marks() = returned.marks();
  for (v1::FieldMark& mark : *out->mutable_marks()) {
    const domain::FieldLabel label =
        domain::LabelOf(mark.field(), pack.form_year(), pack.paper_rules());
    mark.set_label_zh(label.zh);
    mark.set_label_en(label.en);
  }
}

v1::FormProblem Labelled(const domain::FieldProblem& problem, const rules::Pack& pack) {
  v1::FormProblem out = ToProto(problem);
  const domain::FieldLabel label =
      domain::LabelOf(problem.field, pack.form_year(), pack.paper_rules());
  out.set_label_zh(label.zh);
  out.set_label_en(label.en);
  return out;
}

}  // namespace alliance::filing
