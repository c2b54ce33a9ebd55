// SPDX-License-Identifier: Apache-2.0
// Until when the certificate of a connection is good.
#include "agent/shell/certificate.h"
#include "tests/support/certificates.h"
#include "tests/support/temporary.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <cmocka.h>

enum { DAY_S = 86400 };

static void the_end_of_validity_is_read_from_the_file(void **state)
{
    (void)state;
    struct temporary folder;
    char path[TEMPORARY_PATH_SIZE];
    temporary_init(&folder);
    struct authority *authority = authority_new(folder.path, "plant");
    assert_non_null(authority);
    assert_true(authority_issue(authority, "ETS-001", NULL));
    temporary_path(&folder, "ETS-001.crt", path);
    int64_t days = (certificate_expires_at_ms(path) / 1000 - (int64_t)time(NULL)) / DAY_S;
    assert_in_range(days, 360, 366);
    authority_free(authority);
    temporary_fini(&folder);
}

static void what_is_no_certificate_has_no_end(void **state)
{
    (void)state;
    struct temporary folder;
    char path[TEMPORARY_PATH_SIZE];
    temporary_init(&folder);
    temporary_path(&folder, "none.crt", path);
    assert_int_equal(certificate_expires_at_ms(NULL), 0);
    assert_int_equal(certificate_expires_at_ms(""), 0);
    assert_int_equal(certificate_expires_at_ms(path), 0);
    assert_int_equal(certificate_expires_at_ms(folder.path), 0);
    temporary_write(&folder, "none.crt",
                    "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", path);
    assert_int_equal(certificate_expires_at_ms(path), 0);
    temporary_fini(&folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_end_of_validity_is_read_from_the_file),
        cmocka_unit_test(what_is_no_certificate_has_no_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
