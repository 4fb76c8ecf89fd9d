/* SPDX-License-Identifier: Apache-2.0 */
/* Base64url without padding, in its one canonical spelling. Spec: RFC 4648 section 5; RFC 7515 section 2 */
#include "native.h"

static const char LETTERS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

#define WRONG 0x80000000u

/* What a letter is worth in each place of a group of four; WRONG for what is no letter. */
static uint32_t worth[4][256];
/* The two letters of each twelve bits. */
static char pairs[4096][2];
static int is_ready = 0;

static void
make_ready(void)
{
    for (int place = 0; place < 4; place++) {
        for (int octet = 0; octet < 256; octet++) {
            worth[place][octet] = WRONG;
        }
        for (uint32_t value = 0; value < 64; value++) {
            worth[place][(unsigned char)LETTERS[value]] = value << (18 - 6 * place);
        }
    }
    for (size_t value = 0; value < 4096; value++) {
        pairs[value][0] = LETTERS[value >> 6];
        pairs[value][1] = LETTERS[value & 63];
    }
    is_ready = 1;
}

PyObject *
to_base64url(PyObject *module, PyObject *data)
{
    PyObject *written;
    Span octets;
    Py_ssize_t whole;
    const unsigned char *in;
    char *out;

    (void)module;
    if (span_of(data, &octets) < 0) {
        return NULL;
    }
    if (octets.size > PY_SSIZE_T_MAX / 2) {
        return PyErr_NoMemory();
    }
    written = PyBytes_FromStringAndSize(NULL, octets.size / 3 * 4 + (octets.size % 3 * 4 + 2) / 3);
    if (written == NULL) {
        return NULL;
    }
    if (!is_ready) {
        make_ready();
    }
    in = (const unsigned char *)octets.data;
    out = PyBytes_AsString(written);
    for (whole = octets.size / 3; whole > 0; whole--, in += 3) {
        uint32_t group = (uint32_t)in[0] << 16 | (uint32_t)in[1] << 8 | in[2];
        memcpy(out, pairs[group >> 12], 2);
        memcpy(out + 2, pairs[group & 4095], 2);
        out += 4;
    }
    if (octets.size % 3 == 1) {
        *out++ = LETTERS[in[0] >> 2];
        *out++ = LETTERS[(in[0] & 3) << 4];
    }
    else if (octets.size % 3 == 2) {
        *out++ = LETTERS[in[0] >> 2];
        *out++ = LETTERS[(in[0] & 3) << 4 | in[1] >> 4];
        *out++ = LETTERS[(in[1] & 15) << 2];
    }
    return written;
}

PyObject *
from_base64url(PyObject *module, PyObject *text)
{
    PyObject *data;
    Span letters;
    uint32_t fault = 0, group;
    const unsigned char *in;
    unsigned char *out;

    (void)module;
    if (span_of(text, &letters) < 0) {
        return NULL;
    }
    if (letters.size % 4 == 1) {
        Py_RETURN_NONE;
    }
    if (!is_ready) {
        make_ready();
    }
    data = PyBytes_FromStringAndSize(NULL, letters.size / 4 * 3 + letters.size % 4 * 3 / 4);
    if (data == NULL) {
        return NULL;
    }
    in = (const unsigned char *)letters.data;
    out = (unsigned char *)PyBytes_AsString(data);
    for (Py_ssize_t whole = letters.size / 4; whole > 0; whole--, in += 4) {
        group = worth[0][in[0]] | worth[1][in[1]] | worth[2][in[2]] | worth[3][in[3]];
        fault |= group;
        *out++ = (unsigned char)(group >> 16);
        *out++ = (unsigned char)(group >> 8);
        *out++ = (unsigned char)group;
    }
    /* Two spellings of the same bytes must not both pass, so what is left over has to be zero. */
    if (letters.size % 4 == 2) {
        group = worth[0][in[0]] | worth[1][in[1]];
        fault |= group | (group & 0xffff ? WRONG : 0);
        *out++ = (unsigned char)(group >> 16);
    }
    else if (letters.size % 4 == 3) {
        group = worth[0][in[0]] | worth[1][in[1]] | worth[2][in[2]];
        fault |= group | (group & 0xff ? WRONG : 0);
        *out++ = (unsigned char)(group >> 16);
        *out++ = (unsigned char)(group >> 8);
    }
    if (fault & WRONG) {
        Py_DECREF(data);
        Py_RETURN_NONE;
    }
    return data;
}
