#include "common/rpc/tls.h"

#include <openssl/pem.h>
#include <openssl/x509.h>

#include <cstdio>
#include <vector>

#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "grpcpp/security/tls_certificate_provider.h"
#include "grpcpp/security/tls_credentials_options.h"

namespace alliance::rpc {
namespace {

using grpc::experimental::FileWatcherCertificateProvider;

constexpr unsigned kReloadSeconds = 10;
constexpr std::string_view kServicePrefix = "alliance://services/";

struct FileCloser {
  void operator()(FILE* file) const { fclose(file); }
};
using File = std::unique_ptr<FILE, FileCloser>;
using Cert = std::unique_ptr<X509, decltype(&X509_free)>;
using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Store = std::unique_ptr<X509_STORE, decltype(&X509_STORE_free)>;
using StoreContext = std::unique_ptr<X509_STORE_CTX, decltype(&X509_STORE_CTX_free)>;

absl::Status Bad(std::string_view file, std::string_view why) {
  return absl::FailedPreconditionError(base::StrCat("TLS file ", file, ": ", why));
}

absl::StatusOr<File> Open(const std::string& path) {
  if (path.empty())
    return absl::FailedPreconditionError("TLS: a file name is missing in the config");
  File file(fopen(path.c_str(), "re"));
  if (file == nullptr) return Bad(path, "cannot be opened");
  return file;
}

std::shared_ptr<FileWatcherCertificateProvider> Watch(const config::v1::Tls& tls) {
  return std::make_shared<FileWatcherCertificateProvider>(tls.key_file(), tls.cert_file(),
                                                          tls.ca_file(), kReloadSeconds);
}

template <class Options>
void WatchAll(Options& options) {
  options.watch_root_certs();
  options.watch_identity_key_cert_pairs();
}

}  // namespace

absl::Status CheckTlsFiles(const config::v1::Tls& tls) {
  ASSIGN_OR_RETURN(File cert_file, Open(tls.cert_file()));
  ASSIGN_OR_RETURN(File key_file, Open(tls.key_file()));
  ASSIGN_OR_RETURN(File ca_file, Open(tls.ca_file()));
  Cert cert(PEM_read_X509(cert_file.get(), nullptr, nullptr, nullptr), &X509_free);
  if (cert == nullptr) return Bad(tls.cert_file(), "is not a PEM certificate");
  Key key(PEM_read_PrivateKey(key_file.get(), nullptr, nullptr, nullptr), &EVP_PKEY_free);
  if (key == nullptr) return Bad(tls.key_file(), "is not a PEM private key");
  Cert ca(PEM_read_X509(ca_file.get(), nullptr, nullptr, nullptr), &X509_free);
  if (ca == nullptr) return Bad(tls.ca_file(), "is not a PEM certificate");
  if (X509_check_private_key(cert.get(), key.get()) != 1) {
    return Bad(tls.key_file(), base::StrCat("does not belong to ", tls.cert_file()));
  }
  Store store(X509_STORE_new(), &X509_STORE_free);
  X509_STORE_add_cert(store.get(), ca.get());
  // Further authorities, while one replaces another.
  while (X509* next = PEM_read_X509(ca_file.get(), nullptr, nullptr, nullptr)) {
    X509_STORE_add_cert(store.get(), next);
    X509_free(next);
  }
  StoreContext context(X509_STORE_CTX_new(), &X509_STORE_CTX_free);
  X509_STORE_CTX_init(context.get(), store.get(), cert.get(), nullptr);
  if (X509_verify_cert(context.get()) != 1) {
    return Bad(tls.cert_file(),
               X509_verify_cert_error_string(X509_STORE_CTX_get_error(context.get())));
  }
  return absl::OkStatus();
}

absl::StatusOr<absl::Time> CertificateExpiry(const config::v1::Tls& tls) {
  ASSIGN_OR_RETURN(File cert_file, Open(tls.cert_file()));
  Cert cert(PEM_read_X509(cert_file.get(), nullptr, nullptr, nullptr), &X509_free);
  if (cert == nullptr) return Bad(tls.cert_file(), "is not a PEM certificate");
  tm end = {};
  if (ASN1_TIME_to_tm(X509_get0_notAfter(cert.get()), &end) != 1) {
    return Bad(tls.cert_file(), "has no readable end");
  }
  return absl::FromTM(end, absl::UTCTimeZone());
}

std::shared_ptr<grpc::ServerCredentials> ServerCredentials(const config::v1::Tls& tls) {
  grpc::experimental::TlsServerCredentialsOptions options(Watch(tls));
  WatchAll(options);
  options.set_cert_request_type(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  return grpc::experimental::TlsServerCredentials(options);
}

std::shared_ptr<grpc::ChannelCredentials> ChannelCredentials(const config::v1::Tls& tls) {
  grpc::experimental::TlsChannelCredentialsOptions options;
  options.set_certificate_provider(Watch(tls));
  WatchAll(options);
  return grpc::experimental::TlsCredentials(options);
}

std::string PeerUri(const grpc::AuthContext& context) {
  if (!context.IsPeerAuthenticated()) return "";
  for (const grpc::string_ref& uri : context.FindPropertyValues("peer_uri")) {
    return std::string(uri.data(), uri.size());
  }
  return "";
}

std::string PeerService(const grpc::AuthContext& context) {
  const std::string uri = PeerUri(context);
  std::string_view name = uri;
  return name.starts_with(kServicePrefix) ? std::string(name.substr(kServicePrefix.size())) : "";
}

}  // namespace alliance::rpc
