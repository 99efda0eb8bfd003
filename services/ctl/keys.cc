#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/crypto/signing.h"
#include "services/ctl/commands.h"

namespace alliance::ctl {

absl::StatusOr<int> KeysMake(const Arguments& arguments, const Context& context) {
  if (arguments.names.empty()) return WrongUse("the name of the private file is missing");
  const std::string& private_file = arguments.names[0];
  const std::string public_file =
      arguments.names.size() > 1 ? arguments.names[1] : private_file + ".pub";
  RETURN_IF_ERROR(crypto::GenerateKeyFiles(private_file, public_file));
  ASSIGN_OR_RETURN(const crypto::Signer signer, crypto::Signer::Load(private_file));
  if (context.json) {
    context.Print(Json::Object(
        {{"private_file", private_file}, {"public_file", public_file}, {"key", signer.key_id()}}));
  } else {
    context.Say(base::StrCat("key ", signer.key_id(), " in ", private_file, ", public half in ",
                             public_file));
  }
  return 0;
}

}  // namespace alliance::ctl
