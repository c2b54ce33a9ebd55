// SPDX-License-Identifier: Apache-2.0
// The end of validity, by OpenSSL.
#include "agent/shell/certificate.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stddef.h>

enum { DAY_S = 86400 };

static int64_t expiry_of(const X509 *certificate)
{
    int days, seconds;
    ASN1_TIME *epoch = ASN1_TIME_set(NULL, 0);
    int known =
        epoch != NULL && ASN1_TIME_diff(&days, &seconds, epoch, X509_get0_notAfter(certificate));
    ASN1_TIME_free(epoch);
    return known ? ((int64_t)days * DAY_S + seconds) * 1000 : 0;
}

int64_t certificate_expires_at_ms(const char *path)
{
    BIO *file = path == NULL || path[0] == '\0' ? NULL : BIO_new_file(path, "r");
    X509 *certificate = file == NULL ? NULL : PEM_read_bio_X509(file, NULL, NULL, NULL);
    int64_t expires_at_ms = certificate == NULL ? 0 : expiry_of(certificate);
    X509_free(certificate);
    BIO_free(file);
    ERR_clear_error(); // what went wrong here is not to be told of a connection later
    return expires_at_ms;
}
