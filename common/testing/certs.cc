#include "common/testing/certs.h"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdlib.h>

#include <cstdio>
#include <filesystem>

#include "absl/time/clock.h"
#include "common/base/str.h"

namespace alliance::testing_certs {
namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Cert = std::unique_ptr<X509, decltype(&X509_free)>;

// A test without certificates proves nothing: any failure here ends the binary.
void Must(bool right, const char* what) {
  if (right) return;
  std::fprintf(stderr, "test certificates: %s failed\n", what);
  abort();
}

void Extend(X509* cert, X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, cert, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
  Must(extension != nullptr, "extension");
  X509_add_ext(cert, extension, -1);
  X509_EXTENSION_free(extension);
}

Cert Make(EVP_PKEY* key, const std::string& name, int serial, absl::Time from, absl::Time until) {
  Cert cert(X509_new(), &X509_free);
  X509_set_version(cert.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(cert.get()), serial);
  ASN1_TIME_set(X509_getm_notBefore(cert.get()), absl::ToTimeT(from));
  ASN1_TIME_set(X509_getm_notAfter(cert.get()), absl::ToTimeT(until));
  X509_NAME_add_entry_by_txt(X509_get_subject_name(cert.get()), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  X509_set_pubkey(cert.get(), key);
  return cert;
}

void WriteCert(const std::string& path, X509* cert) {
  FILE* file = fopen(path.c_str(), "we");
  Must(file != nullptr && PEM_write_X509(file, cert) == 1, "writing a certificate");
  fclose(file);
}

void WriteKey(const std::string& path, EVP_PKEY* key) {
  FILE* file = fopen(path.c_str(), "we");
  Must(file != nullptr &&
           PEM_write_PrivateKey(file, key, nullptr, nullptr, 0, nullptr, nullptr) == 1,
       "writing a key");
  fclose(file);
}

}  // namespace

struct Authority::State {
  Key key{EVP_EC_gen("P-256"), &EVP_PKEY_free};
  Cert cert{nullptr, &X509_free};
};

Authority::Authority() : state_(std::make_unique<State>()) {
  std::string folder = std::filesystem::temp_directory_path() / "alliance-certs-XXXXXX";
  Must(mkdtemp(folder.data()) != nullptr, "mkdtemp");
  folder_ = folder;
  const absl::Time now = absl::Now();
  state_->cert = Make(state_->key.get(), "test authority", serial_++, now - absl::Hours(2),
                      now + absl::Hours(24 * 365));
  X509* cert = state_->cert.get();
  X509_set_issuer_name(cert, X509_get_subject_name(cert));
  Extend(cert, cert, NID_basic_constraints, "critical,CA:TRUE");
  Extend(cert, cert, NID_key_usage, "critical,keyCertSign,cRLSign");
  Must(X509_sign(cert, state_->key.get(), EVP_sha256()) > 0, "signing the authority");
  WriteCert(folder_ + "/ca.pem", cert);
}

Authority::~Authority() {
  std::error_code ignored;  // a leftover folder below /tmp harms no test
  std::filesystem::remove_all(folder_, ignored);
}

Files Authority::Issue(std::string_view uri, absl::Duration life) {
  const int serial = serial_++;
  const Key key(EVP_EC_gen("P-256"), &EVP_PKEY_free);
  const absl::Time from = absl::Now() - absl::Hours(1);
  const absl::Time until = absl::Now() + life;
  Cert cert = Make(key.get(), "leaf", serial, std::min(from, until - absl::Hours(1)), until);
  X509* ca = state_->cert.get();
  X509_set_issuer_name(cert.get(), X509_get_subject_name(ca));
  Extend(cert.get(), ca, NID_subject_alt_name,
         base::StrCat("URI:", uri, ",DNS:localhost,IP:127.0.0.1"));
  Extend(cert.get(), ca, NID_ext_key_usage, "serverAuth,clientAuth");
  Must(X509_sign(cert.get(), state_->key.get(), EVP_sha256()) > 0, "signing a leaf");
  Files files{.cert_file = base::StrCat(folder_, "/", serial, ".pem"),
              .key_file = base::StrCat(folder_, "/", serial, ".key"),
              .ca_file = folder_ + "/ca.pem"};
  WriteCert(files.cert_file, cert.get());
  WriteKey(files.key_file, key.get());
  return files;
}

}  // namespace alliance::testing_certs
