/* SPDX-License-Identifier: Apache-2.0 */
/* Base58 as Bitcoin writes it, for what is as short as a key or a signature. */
#include "native.h"

#define MOST_BYTES 128
#define MOST_DIGITS 128
#define GROUP 5              /* digits at once: 58^5 is below 2^30 */
#define RADIX 656356768u     /* 58^5 */

static const char ALPHABET[] = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

PyObject *
to_base58(PyObject *module, PyObject *data)
{
    /* 128 bytes are 175 digits, which are 35 groups. */
    uint32_t groups[MOST_BYTES * 7 / 5 / GROUP + 2];
    char digits[MOST_BYTES + sizeof(groups) / sizeof(groups[0]) * GROUP];
    size_t used = 0, zeros = 0, first, length;
    Span octets;

    (void)module;
    if (span_of(data, &octets) < 0) {
        return NULL;
    }
    if (octets.size > MOST_BYTES) {
        Py_RETURN_NONE;
    }
    while ((Py_ssize_t)zeros < octets.size && octets.data[zeros] == 0) {
        zeros++;
    }
    for (Py_ssize_t place = (Py_ssize_t)zeros; place < octets.size; place++) {
        uint64_t carry = (unsigned char)octets.data[place];
        int bits = 8;
        /* Up to four bytes at once. */
        while (bits < 32 && place + 1 < octets.size) {
            carry = carry << 8 | (unsigned char)octets.data[++place];
            bits += 8;
        }
        for (size_t group = 0; group < used; group++) {
            carry += (uint64_t)groups[group] << bits;
            groups[group] = (uint32_t)(carry % RADIX);
            carry /= RADIX;
        }
        while (carry > 0) {
            groups[used++] = (uint32_t)(carry % RADIX);
            carry /= RADIX;
        }
    }
    memset(digits, ALPHABET[0], zeros);
    length = zeros + used * GROUP;
    for (size_t group = 0; group < used; group++) {
        uint32_t rest = groups[group];
        for (size_t digit = 0; digit < GROUP; digit++) {
            digits[length - group * GROUP - digit - 1] = ALPHABET[rest % 58];
            rest /= 58;
        }
    }
    /* The first group may be filled up with zeros that stand for nothing. */
    first = zeros;
    while (first < length && digits[first] == ALPHABET[0]) {
        first++;
    }
    memmove(digits + zeros, digits + first, length - first);
    return PyBytes_FromStringAndSize(digits, (Py_ssize_t)(zeros + length - first));
}

static int
value_of(char letter)
{
    /* Between two letters of the alphabet there are at most four that it leaves out: 0, I, O and l. */
    if (letter >= '1' && letter <= '9') {
        return letter - '1';
    }
    if (letter >= 'A' && letter <= 'Z' && letter != 'I' && letter != 'O') {
        return letter - 'A' + 9 - (letter > 'I') - (letter > 'O');
    }
    if (letter >= 'a' && letter <= 'z' && letter != 'l') {
        return letter - 'a' + 33 - (letter > 'l');
    }
    return -1;
}

PyObject *
from_base58(PyObject *module, PyObject *digits)
{
    /* 128 digits are 94 bytes, which are 24 words. */
    uint32_t words[MOST_DIGITS * 3 / 4 / 4 + 2];
    char octets[MOST_DIGITS + sizeof(words)];
    size_t used = 0, zeros = 0, size;
    Span text;

    (void)module;
    if (span_of(digits, &text) < 0) {
        return NULL;
    }
    if (text.size > MOST_DIGITS) {
        Py_RETURN_NONE;
    }
    while ((Py_ssize_t)zeros < text.size && text.data[zeros] == ALPHABET[0]) {
        zeros++;
    }
    for (Py_ssize_t place = (Py_ssize_t)zeros; place < text.size;) {
        uint64_t carry = 0;
        uint32_t worth = 1;
        for (int digit = 0; digit < GROUP && place < text.size; digit++, place++) {
            int value = value_of(text.data[place]);
            if (value < 0) {
                Py_RETURN_NONE;
            }
            carry = carry * 58 + (uint64_t)value;
            worth *= 58;
        }
        for (size_t word = 0; word < used; word++) {
            carry += (uint64_t)words[word] * worth;
            words[word] = (uint32_t)carry;
            carry >>= 32;
        }
        if (carry > 0) {
            words[used++] = (uint32_t)carry;
        }
    }
    memset(octets, 0, zeros);
    size = zeros;
    for (size_t word = used; word-- > 0;) {
        for (int shift = 24; shift >= 0; shift -= 8) {
            char octet = (char)(words[word] >> shift & 0xff);
            /* The first word may begin with zeros that stand for nothing. */
            if (octet != 0 || size > zeros) {
                octets[size++] = octet;
            }
        }
    }
    return PyBytes_FromStringAndSize(octets, (Py_ssize_t)size);
}
