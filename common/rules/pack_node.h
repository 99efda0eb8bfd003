// Node: a message of a pack together with the lines its values were read from, so that a wrong
// value can be pointed at. What is wrong is collected, so that all of it is told at once.

#ifndef ALLIANCE_COMMON_RULES_PACK_NODE_H_
#define ALLIANCE_COMMON_RULES_PACK_NODE_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "common/rules/pack_problem.h"
#include "google/protobuf/message.h"
#include "google/protobuf/text_format.h"

namespace alliance::rules {

// Where each value stood in the text.
using Lines = google::protobuf::TextFormat::ParseInfoTree;

// Parses text format; unknown fields and syntax errors are problems. False: it could not be read.
bool ParseWithLines(std::string_view text, google::protobuf::Message* out, Lines* lines,
                    PackProblems* problems);

class Node {
 public:
  // `lines` is nullptr for a pack that was not read from a text.
  Node(const google::protobuf::Message& message, const Lines* lines, PackProblems& problems)
      : message_(message), lines_(lines), problems_(problems), line_(lines == nullptr ? 0 : 1) {}

  // The message in `field`, or the `index`-th of it.
  Node Child(const char* field, int index = -1) const;

  std::string Text(const char* field, int index = -1) const;
  int64_t Number(const char* field) const;
  bool Flag(const char* field) const;
  int Size(const char* field) const;

  // Adds a problem; false, so that a check can return it.
  bool Wrong(const char* field, std::string_view why, int index = -1) const;

  // Below this node no message, list or text is missing, except where the proto says optional.
  void CheckFilled() const;

 private:
  const google::protobuf::FieldDescriptor* FieldOf(const char* field) const;
  int LineOf(const google::protobuf::FieldDescriptor* field, int index) const;

  const google::protobuf::Message& message_;
  const Lines* lines_;  // nullptr below a message that was not written
  PackProblems& problems_;
  std::string path_;  // "subsidy.fixed[3]"
  int line_;          // of the message itself
};

}  // namespace alliance::rules

#endif  // ALLIANCE_COMMON_RULES_PACK_NODE_H_
