/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of laurel._native share. Only the stable interface of Python 3.11 is used, so that one build
 * serves every later version. */
#ifndef LAUREL_NATIVE_H
#define LAUREL_NATIVE_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <stdint.h>
#include <string.h>

/* Bytes that somebody else owns. */
typedef struct {
    const char *data;
    Py_ssize_t size;
} Span;

/* Bytes that grow. All zero is an empty one. */
typedef struct {
    char *data;
    Py_ssize_t size, room;
} Buffer;

/* Each returns 0, or -1 with a Python error set. */
int buffer_reserve(Buffer *buffer, Py_ssize_t more);
int buffer_add(Buffer *buffer, const char *data, Py_ssize_t size);
void buffer_free(Buffer *buffer);

/* Sort bytes as Python does: by the first that differs, otherwise the shorter one first. */
int span_compare(const void *one, const void *other);

/* Return the bytes of an object, or set a TypeError and return -1. */
int span_of(PyObject *object, Span *span);

/* Make sure that texts are a list of so many bytes objects: 0, or -1 with a Python error set. */
int require_texts(PyObject *texts, Py_ssize_t count);

extern PyType_Spec line_spec;
extern PyType_Spec statements_spec;

PyObject *to_base64url(PyObject *module, PyObject *data);
PyObject *from_base64url(PyObject *module, PyObject *text);
PyObject *to_base58(PyObject *module, PyObject *data);
PyObject *from_base58(PyObject *module, PyObject *digits);

#endif
