#include "cshim.h"

#include <crypt.h>
#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>

bool shim_bcrypt_matches(const char *password, const char *hash) {
    struct crypt_data *data = calloc(1, sizeof *data);
    if (data == NULL) {
        return false;
    }
    const char *made = crypt_r(password, hash, data);
    size_t length = strlen(hash);
    bool matches = made != NULL && strlen(made) == length && CRYPTO_memcmp(made, hash, length) == 0;
    OPENSSL_cleanse(data, sizeof *data);
    free(data);
    return matches;
}
