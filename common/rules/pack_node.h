// Node: a message of a pack together with the lines its values were read from, so that a wrong
// value can be pointed at.

#ifndef ALLIANCE_COMMON_RULES_PACK_NODE_H_
#define ALLIANCE_COMMON_RULES_PACK_NODE_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "google/protobuf/message.h"
#include "google/protobuf/text_format.h"

namespace alliance::rules {

// Where each value stood in the text.
using Lines = google::protobuf::TextFormat::ParseInfoTree;

// Parses text format; unknown fields and syntax errors are "NAME:LINE: …".
absl::Status ParseWithLines(std::string_view text, const std::string& name,
                            google::protobuf::Message* out, Lines* lines);

class Node {
 public:
  Node(const google::protobuf::Message& message, const Lines& lines, std::string file)
      : Node(message, &lines, std::move(file)) {}

  // The message in `field`, or the `index`-th of it.
  Node Child(const char* field, int index = -1) const;

  std::string Text(const char* field, int index = -1) const;
  int64_t Number(const char* field) const;
  bool Flag(const char* field) const;
  int Size(const char* field) const;

  // "FILE:LINE: path.field: why".
  absl::Status Wrong(const char* field, std::string_view why, int index = -1) const;

  // Below this node no message, list or text is missing, except where the proto says optional.
  absl::Status CheckFilled() const;

 private:
  Node(const google::protobuf::Message& message, const Lines* lines, std::string file)
      : message_(message), lines_(lines), file_(std::move(file)) {}

  const google::protobuf::FieldDescriptor* FieldOf(const char* field) const;
  int LineOf(const google::protobuf::FieldDescriptor* field, int index) const;

  const google::protobuf::Message& message_;
  const Lines* lines_;  // nullptr below a message that was not written
  std::string file_;
  std::string path_;  // "subsidy.fixed[3]"
  int line_ = 1;      // of the message itself
};

}  // namespace alliance::rules

#endif  // ALLIANCE_COMMON_RULES_PACK_NODE_H_
