// SPDX-License-Identifier: Apache-2.0
// Certificates for tests: an authority of one's own and what it signs, as PEM files in a folder.
#include "tests/support/certificates.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>

enum { PATH_SIZE = 300, DAY_S = 86400 };

struct authority {
    char folder[PATH_SIZE];
    EVP_PKEY *key;
    X509 *certificate;
    long next_serial;
};

static FILE *open_file(const char *folder, const char *name, const char *suffix)
{
    char path[2 * PATH_SIZE];
    snprintf(path, sizeof path, "%s/%s%s", folder, name, suffix);
    FILE *file = fopen(path, "w");
    if (!file)
        fprintf(stderr, "test support: cannot write %s: %m\n", path);
    return file;
}

static bool write_certificate(const char *folder, const char *name, X509 *certificate)
{
    FILE *file = open_file(folder, name, ".crt");
    if (!file)
        return false;
    bool written = PEM_write_X509(file, certificate) == 1;
    return fclose(file) == 0 && written;
}

static bool write_key(const char *folder, const char *name, EVP_PKEY *key)
{
    FILE *file = open_file(folder, name, ".key");
    if (!file)
        return false;
    bool written = PEM_write_PrivateKey(file, key, NULL, NULL, 0, NULL, NULL) == 1;
    return fclose(file) == 0 && written;
}

static bool add_extension(X509 *certificate, X509 *issuer, int id, const char *value)
{
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, id, value);
    if (!extension)
        return false;
    bool added = X509_add_ext(certificate, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    return added;
}

// A certificate with everything but extensions and signature; issuer NULL = itself.
static X509 *new_certificate(EVP_PKEY *key, const char *name, X509 *issuer, long serial)
{
    X509 *certificate = X509_new();
    if (!certificate)
        return NULL;
    X509_NAME *subject = X509_get_subject_name(certificate);
    if (X509_set_version(certificate, 2) != 1 ||
        ASN1_INTEGER_set(X509_get_serialNumber(certificate), serial) != 1 ||
        !X509_gmtime_adj(X509_getm_notBefore(certificate), -DAY_S) ||
        !X509_gmtime_adj(X509_getm_notAfter(certificate), 365L * DAY_S) ||
        X509_set_pubkey(certificate, key) != 1 ||
        X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, (const unsigned char *)name, -1,
                                   -1, 0) != 1 ||
        X509_set_issuer_name(certificate, issuer ? X509_get_subject_name(issuer) : subject) != 1) {
        X509_free(certificate);
        return NULL;
    }
    return certificate;
}

struct authority *authority_new(const char *folder, const char *name)
{
    struct authority *authority = calloc(1, sizeof *authority);
    if (!authority)
        return NULL;
    snprintf(authority->folder, sizeof authority->folder, "%s", folder);
    authority->next_serial = 2;
    authority->key = EVP_EC_gen("P-256");
    if (authority->key)
        authority->certificate = new_certificate(authority->key, name, NULL, 1);
    X509 *own = authority->certificate;
    if (!own || !add_extension(own, own, NID_basic_constraints, "critical,CA:TRUE") ||
        !add_extension(own, own, NID_key_usage, "critical,keyCertSign,cRLSign") ||
        !add_extension(own, own, NID_subject_key_identifier, "hash") ||
        X509_sign(own, authority->key, EVP_sha256()) == 0 ||
        !write_certificate(folder, name, own)) {
        fprintf(stderr, "test support: cannot make the certificate authority %s\n", name);
        authority_free(authority);
        return NULL;
    }
    return authority;
}

void authority_free(struct authority *authority)
{
    if (!authority)
        return;
    X509_free(authority->certificate);
    EVP_PKEY_free(authority->key);
    free(authority);
}

bool authority_issue(struct authority *authority, const char *name, const char *alternative_names)
{
    bool issued = false;
    X509 *certificate = NULL;
    X509 *issuer = authority->certificate;
    EVP_PKEY *key = EVP_EC_gen("P-256");
    if (!key)
        goto done;
    certificate = new_certificate(key, name, issuer, authority->next_serial++);
    if (!certificate || !add_extension(certificate, issuer, NID_basic_constraints, "CA:FALSE"))
        goto done;
    if (alternative_names &&
        !add_extension(certificate, issuer, NID_subject_alt_name, alternative_names))
        goto done;
    issued = X509_sign(certificate, authority->key, EVP_sha256()) != 0 &&
             write_certificate(authority->folder, name, certificate) &&
             write_key(authority->folder, name, key);
done:
    if (!issued)
        fprintf(stderr, "test support: cannot issue a certificate for %s\n", name);
    X509_free(certificate);
    EVP_PKEY_free(key);
    return issued;
}
