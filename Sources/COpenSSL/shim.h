// What Swift cannot see of OpenSSL: macros, and casts that C does silently.
#ifndef MOCK_ZITADEL_COPENSSL_SHIM_H
#define MOCK_ZITADEL_COPENSSL_SHIM_H

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

static inline EVP_PKEY *mz_rsa_generate(unsigned int bits) { return EVP_RSA_gen(bits); }
static inline EVP_PKEY *mz_ec_generate(const char *curve) { return EVP_EC_gen(curve); }
static inline EVP_PKEY *mz_ed25519_generate(void) { return EVP_PKEY_Q_keygen(NULL, NULL, "ED25519"); }
static inline int mz_rsa_pss_padding(EVP_PKEY_CTX *context) {
    return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) > 0
        && EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) > 0;
}
// A parameter builder keeps the pointer to a parameter's name, so the names have to be constants of C.
static inline int mz_push_modulus(OSSL_PARAM_BLD *builder, const BIGNUM *number) { return OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, number); }
static inline int mz_push_exponent(OSSL_PARAM_BLD *builder, const BIGNUM *number) { return OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_E, number); }
static inline int mz_push_group(OSSL_PARAM_BLD *builder, const char *name) { return OSSL_PARAM_BLD_push_utf8_string(builder, OSSL_PKEY_PARAM_GROUP_NAME, name, 0); }
static inline int mz_push_point(OSSL_PARAM_BLD *builder, const void *bytes, size_t count) { return OSSL_PARAM_BLD_push_octet_string(builder, OSSL_PKEY_PARAM_PUB_KEY, bytes, count); }
static inline int mz_public_key_selection(void) { return EVP_PKEY_PUBLIC_KEY; }
static inline BIO *mz_memory_reader(const void *bytes, int count) { return BIO_new_mem_buf(bytes, count); }
static inline long mz_memory_contents(BIO *bio, char **start) { return BIO_get_mem_data(bio, start); }

#endif
