#include "common/process/config.h"

#include <fcntl.h>
#include <unistd.h>

#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "google/protobuf/io/tokenizer.h"
#include "google/protobuf/io/zero_copy_stream_impl.h"
#include "google/protobuf/text_format.h"

namespace alliance::process {
namespace {

// Keeps the first error; later ones follow from it.
class FirstError final : public google::protobuf::io::ErrorCollector {
 public:
  explicit FirstError(const std::string& path) : path_(path) {}
  void AddError(int line, google::protobuf::io::ColumnNumber column,
                const std::string& message) override {
    if (text_.empty()) text_ = base::StrCat(path_, ":", line + 1, ":", column + 1, ": ", message);
  }
  const std::string& text() const { return text_; }

 private:
  const std::string path_;
  std::string text_;
};

absl::Status Missing(std::string_view key) {
  return absl::InvalidArgumentError(base::StrCat("configuration: ", key, " is missing"));
}

absl::Status CheckTls(std::string_view key, const config::v1::Tls& tls) {
  if (tls.cert_file().empty()) return Missing(base::StrCat(key, ".cert_file"));
  if (tls.key_file().empty()) return Missing(base::StrCat(key, ".key_file"));
  if (tls.ca_file().empty()) return Missing(base::StrCat(key, ".ca_file"));
  return absl::OkStatus();
}

absl::Status CheckDatabase(const config::v1::Database& database) {
  if (database.socket().empty() == database.host().empty()) {
    return absl::InvalidArgumentError(
        "configuration: database needs a socket, or a host with tls, and not both");
  }
  // A TCP connection without TLS would send everything in clear text.
  if (!database.host().empty()) RETURN_IF_ERROR(CheckTls("database.tls", database.tls()));
  if (database.user().empty()) return Missing("database.user");
  if (database.password_file().empty()) return Missing("database.password_file");
  if (database.schema().empty()) return Missing("database.schema");
  return absl::OkStatus();
}

}  // namespace

absl::Status ReadTextFile(const std::string& path, google::protobuf::Message* out) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return absl::NotFoundError(base::StrCat("cannot read ", path));
  google::protobuf::io::FileInputStream stream(fd);
  stream.SetCloseOnDelete(true);
  FirstError error(path);
  google::protobuf::TextFormat::Parser parser;
  parser.RecordErrorsTo(&error);
  if (!parser.Parse(&stream, out)) return absl::InvalidArgumentError(error.text());
  return absl::OkStatus();
}

absl::Status CheckConfig(const config::v1::Config& config, std::string_view service) {
  const bool gateway = service == "gateway";
  const bool demo = config.environment() == config::v1::Config::DEMO;
  if (config.environment() == config::v1::Config::ENVIRONMENT_UNSPECIFIED) {
    return Missing("environment (PRODUCTION or DEMO)");
  }
  if (!demo && !config.clock_file().empty()) {
    return absl::InvalidArgumentError(
        "configuration: clock_file is for DEMO only; in PRODUCTION nobody sets the clock");
  }
  if (!demo && !config.gateway().demo_accounts_file().empty()) {
    return absl::InvalidArgumentError("configuration: gateway.demo_accounts_file is for DEMO only");
  }
  if (config.listen().grpc_address().empty()) return Missing("listen.grpc_address");
  if (config.listen().admin_address().empty()) return Missing("listen.admin_address");
  RETURN_IF_ERROR(CheckTls("tls", config.tls()));
  RETURN_IF_ERROR(CheckDatabase(config.database()));
  if (config.rule_packs().empty()) return Missing("rule_packs");
  if (!gateway && config.caller_key_file().empty()) return Missing("caller_key_file");
  if (config.audit().key_file().empty()) return Missing("audit.key_file");
  if (config.audit().checkpoint_folder().empty()) return Missing("audit.checkpoint_folder");
  if (service == "filing" && config.paper_folder().empty()) return Missing("paper_folder");
  if (gateway && config.gateway().http_address().empty()) return Missing("gateway.http_address");
  if (gateway && config.gateway().caller_signing_key_file().empty()) {
    return Missing("gateway.caller_signing_key_file");
  }
  if (config.workers() < 0 || config.workers() > 256) {
    return absl::InvalidArgumentError("configuration: workers must be 0 to 256");
  }
  if (config.queue_limit() < 0) {
    return absl::InvalidArgumentError("configuration: queue_limit must not be negative");
  }
  return absl::OkStatus();
}

absl::StatusOr<config::v1::Config> LoadConfig(const std::string& path, std::string_view service) {
  config::v1::Config config;
  RETURN_IF_ERROR(ReadTextFile(path, &config));
  RETURN_IF_ERROR(CheckConfig(config, service));
  return config;
}

db::Options DatabaseOptions(const config::v1::Database& database, int connections) {
  return {.socket = database.socket(),
          .host = database.host(),
          .port = database.port() == 0 ? 3306 : database.port(),
          .tls_ca = database.tls().ca_file(),
          .tls_cert = database.tls().cert_file(),
          .tls_key = database.tls().key_file(),
          .user = database.user(),
          .password_file = database.password_file(),
          .schema = database.schema(),
          .connections = connections};
}

}  // namespace alliance::process
