/* SPDX-License-Identifier: Apache-2.0 */
/* laurel._native: what laurel does most often with known frames, in C. Each of these gives the bytes of the
 * Python beside it, or None, and then that Python tells. Nothing is decided here. */
#include "native.h"

/* Raised with every change of what Python sees here. laurel.fast takes no other than the one it knows, so that
 * what was built before laurel was brought up to date is not used any more. */
#define LEVEL 1

int
buffer_reserve(Buffer *buffer, Py_ssize_t more)
{
    Py_ssize_t room = buffer->room;
    char *data;

    if (more <= room - buffer->size) {
        return 0;
    }
    if (more > PY_SSIZE_T_MAX / 2 - buffer->size) {
        PyErr_NoMemory();
        return -1;
    }
    room = 2 * (buffer->size + more);
    data = PyMem_Realloc(buffer->data, (size_t)room);
    if (data == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    buffer->data = data;
    buffer->room = room;
    return 0;
}

int
buffer_add(Buffer *buffer, const char *data, Py_ssize_t size)
{
    if (buffer_reserve(buffer, size) < 0) {
        return -1;
    }
    if (size > 0) {
        memcpy(buffer->data + buffer->size, data, (size_t)size);
        buffer->size += size;
    }
    return 0;
}

void
buffer_free(Buffer *buffer)
{
    PyMem_Free(buffer->data);
    buffer->data = NULL;
    buffer->size = buffer->room = 0;
}

int
span_compare(const void *one, const void *other)
{
    const Span *a = one, *b = other;
    Py_ssize_t shorter = a->size < b->size ? a->size : b->size;
    int order = shorter > 0 ? memcmp(a->data, b->data, (size_t)shorter) : 0;

    if (order != 0) {
        return order;
    }
    return (a->size > b->size) - (a->size < b->size);
}

int
span_of(PyObject *object, Span *span)
{
    char *data;
    Py_ssize_t size;

    if (PyBytes_AsStringAndSize(object, &data, &size) < 0) {
        return -1;
    }
    span->data = data;
    span->size = size;
    return 0;
}

int
require_texts(PyObject *texts, Py_ssize_t count)
{
    if (!PyList_Check(texts) || PyList_Size(texts) != count) {
        PyErr_Format(PyExc_TypeError, "a list of %zd texts is wanted", count);
        return -1;
    }
    for (Py_ssize_t number = 0; number < count; number++) {
        if (!PyBytes_Check(PyList_GetItem(texts, number))) {
            PyErr_SetString(PyExc_TypeError, "every text is bytes");
            return -1;
        }
    }
    return 0;
}

static int
module_exec(PyObject *module)
{
    PyType_Spec *specs[] = {&line_spec, &statements_spec};
    const char *names[] = {"Line", "Statements"};

    for (size_t place = 0; place < 2; place++) {
        PyObject *type = PyType_FromSpec(specs[place]);
        if (type == NULL || PyModule_AddObjectRef(module, names[place], type) < 0) {
            Py_XDECREF(type);
            return -1;
        }
        Py_DECREF(type);
    }
    return PyModule_AddIntConstant(module, "LEVEL", LEVEL);
}

static PyMethodDef module_methods[] = {
    {"to_base64url", to_base64url, METH_O, "Return bytes as base64url without padding."},
    {"from_base64url", from_base64url, METH_O,
     "Return the bytes behind base64url; None for any spelling but the canonical one."},
    {"to_base58", to_base58, METH_O, "Return at most 128 bytes as base58 digits; None for more."},
    {"from_base58", from_base58, METH_O,
     "Return the bytes behind at most 128 base58 digits; None for more, or for what is no digit."},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef_Slot module_slots[] = {
    {Py_mod_exec, (void *)module_exec},
    {0, NULL},
};

static struct PyModuleDef module_definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "laurel._native",
    .m_doc = "What laurel does most often with known frames, in C.",
    .m_size = 0,
    .m_methods = module_methods,
    .m_slots = module_slots,
};

PyMODINIT_FUNC
PyInit__native(void)
{
    return PyModuleDef_Init(&module_definition);
}
