/* SPDX-License-Identifier: Apache-2.0 */
/* Line: constants and texts that take turns, such as a document of a known frame as JSON. */
#include "native.h"

typedef struct {
    PyObject_HEAD
    Py_ssize_t texts;     /* how many different texts there are */
    Py_ssize_t count;     /* how many places they stand at; before each, and at the end, is a constant */
    PyObject *pieces;     /* owns the constants */
    Span *constants;      /* count + 1 */
    Py_ssize_t *numbers;  /* count; each below texts */
} Line;

static void
line_dealloc(PyObject *object)
{
    Line *self = (Line *)object;
    PyTypeObject *type = Py_TYPE(object);
    freefunc release = (freefunc)PyType_GetSlot(type, Py_tp_free);

    PyMem_Free(self->constants);
    PyMem_Free(self->numbers);
    Py_XDECREF(self->pieces);
    release(object);
    Py_DECREF(type);
}

static int
line_read(Line *self)
{
    Py_ssize_t size = PyTuple_Size(self->pieces);

    if (size % 2 == 0) {
        PyErr_SetString(PyExc_ValueError, "constants and numbers take turns, and constants stand at both ends");
        return -1;
    }
    self->count = size / 2;
    self->constants = PyMem_Calloc((size_t)self->count + 1, sizeof(Span));
    self->numbers = PyMem_Calloc((size_t)self->count + 1, sizeof(Py_ssize_t));
    if (self->constants == NULL || self->numbers == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    for (Py_ssize_t place = 0; place < size; place++) {
        PyObject *piece = PyTuple_GetItem(self->pieces, place);
        if (place % 2 == 0) {
            if (span_of(piece, &self->constants[place / 2]) < 0) {
                return -1;
            }
            continue;
        }
        Py_ssize_t number = PyLong_AsSsize_t(piece);
        if (number == -1 && PyErr_Occurred()) {
            return -1;
        }
        if (number < 0 || number >= self->texts) {
            PyErr_SetString(PyExc_ValueError, "there is no text of this number");
            return -1;
        }
        self->numbers[place / 2] = number;
    }
    return 0;
}

static PyObject *
line_new(PyTypeObject *type, PyObject *arguments, PyObject *keywords)
{
    static char *names[] = {"pieces", "texts", NULL};
    allocfunc allocate = (allocfunc)PyType_GetSlot(type, Py_tp_alloc);
    PyObject *pieces;
    Py_ssize_t texts;
    Line *self;

    if (!PyArg_ParseTupleAndKeywords(arguments, keywords, "O!n:Line", names, &PyTuple_Type, &pieces, &texts)) {
        return NULL;
    }
    self = (Line *)allocate(type, 0);
    if (self == NULL) {
        return NULL;
    }
    Py_INCREF(pieces);
    self->pieces = pieces;
    self->texts = texts;
    if (line_read(self) < 0) {
        Py_DECREF(self);
        return NULL;
    }
    return (PyObject *)self;
}

static PyObject *
line_join(PyObject *object, PyObject *texts)
{
    Line *self = (Line *)object;
    Py_ssize_t size = self->constants[self->count].size;
    PyObject *joined;
    char *end;

    if (require_texts(texts, self->texts) < 0) {
        return NULL;
    }
    for (Py_ssize_t place = 0; place < self->count; place++) {
        Py_ssize_t more = PyBytes_Size(PyList_GetItem(texts, self->numbers[place]));
        if (more > PY_SSIZE_T_MAX / 2 - size || self->constants[place].size > PY_SSIZE_T_MAX / 2 - size - more) {
            return PyErr_NoMemory();
        }
        size += more + self->constants[place].size;
    }
    joined = PyBytes_FromStringAndSize(NULL, size);
    if (joined == NULL) {
        return NULL;
    }
    /* No Python runs from here on, so that the list stays as it was measured. */
    end = PyBytes_AsString(joined);
    for (Py_ssize_t place = 0; place < self->count; place++) {
        PyObject *text = PyList_GetItem(texts, self->numbers[place]);
        memcpy(end, self->constants[place].data, (size_t)self->constants[place].size);
        end += self->constants[place].size;
        memcpy(end, PyBytes_AsString(text), (size_t)PyBytes_Size(text));
        end += PyBytes_Size(text);
    }
    memcpy(end, self->constants[self->count].data, (size_t)self->constants[self->count].size);
    return joined;
}

/* Return where a text of JSON ends, which is at the first quote that no backslash escapes; NULL if nowhere. */
static const char *
text_end(const char *start, const char *end, int *is_plain)
{
    const char *quote = memchr(start, '"', (size_t)(end - start));

    if (quote == NULL) {
        return NULL;
    }
    if (memchr(start, '\\', (size_t)(quote - start)) == NULL) {
        for (const char *octet = start; octet < quote; octet++) {
            *is_plain &= (unsigned char)*octet >= 0x20;
        }
        return quote;
    }
    *is_plain = 0;
    while (start < end && *start != '"') {
        start += *start == '\\' ? 2 : 1;
    }
    return start < end ? start : NULL;
}

static int
is_utf8(const char *data, Py_ssize_t size)
{
    PyObject *text;

    for (Py_ssize_t place = 0; place < size; place++) {
        if ((unsigned char)data[place] < 0x80) {
            continue;
        }
        text = PyUnicode_DecodeUTF8(data, size, "strict");
        if (text == NULL) {
            return 0;
        }
        Py_DECREF(text);
        return 1;
    }
    return 1;
}

static PyObject *
line_split(PyObject *object, PyObject *written)
{
    Line *self = (Line *)object;
    PyObject *texts, *answer;
    const char *place, *end;
    int is_plain = 1;
    Span whole;

    if (span_of(written, &whole) < 0) {
        return NULL;
    }
    place = whole.data;
    end = whole.data + whole.size;
    /* Mostly it is another line, which the first constant tells. */
    if (self->constants[0].size > whole.size
        || memcmp(place, self->constants[0].data, (size_t)self->constants[0].size) != 0) {
        Py_RETURN_NONE;
    }
    texts = PyList_New(self->texts);
    if (texts == NULL) {
        return NULL;
    }
    for (Py_ssize_t number = 0; number < self->texts; number++) {
        Py_INCREF(Py_None);
        PyList_SetItem(texts, number, Py_None);
    }
    for (Py_ssize_t part = 0; part <= self->count; part++) {
        const Span *constant = &self->constants[part];
        const char *last;
        PyObject *known;

        if (constant->size > end - place || memcmp(place, constant->data, (size_t)constant->size) != 0) {
            goto another;
        }
        place += constant->size;
        if (part == self->count) {
            break;
        }
        last = text_end(place, end, &is_plain);
        if (last == NULL) {
            goto another;
        }
        known = PyList_GetItem(texts, self->numbers[part]);
        if (known == Py_None) {
            PyObject *text = PyBytes_FromStringAndSize(place, last - place);
            if (text == NULL) {
                goto failed;
            }
            PyList_SetItem(texts, self->numbers[part], text);
            if (!is_utf8(place, last - place)) {
                if (!PyErr_ExceptionMatches(PyExc_UnicodeDecodeError)) {
                    goto failed;
                }
                PyErr_Clear();
                goto another;
            }
        }
        else if (PyBytes_Size(known) != last - place
                 || memcmp(PyBytes_AsString(known), place, (size_t)(last - place)) != 0) {
            goto another;
        }
        place = last;
    }
    if (place != end) {
        goto another;
    }
    for (Py_ssize_t number = 0; number < self->texts; number++) {
        if (PyList_GetItem(texts, number) == Py_None) {
            goto another; /* a text that stands nowhere */
        }
    }
    answer = PyTuple_New(2);
    if (answer == NULL) {
        goto failed;
    }
    PyTuple_SetItem(answer, 0, texts);
    PyTuple_SetItem(answer, 1, PyBool_FromLong(is_plain));
    return answer;

another:
    Py_DECREF(texts);
    Py_RETURN_NONE;

failed:
    Py_DECREF(texts);
    return NULL;
}

static PyMethodDef line_methods[] = {
    {"join", line_join, METH_O, "Return the line with these texts."},
    {"split", line_split, METH_O,
     "Return the texts of a line, and whether they are texts of JSON just as they stand; None for another line."},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot line_slots[] = {
    {Py_tp_doc, "Constants and texts of JSON that take turns."},
    {Py_tp_new, (void *)line_new},
    {Py_tp_dealloc, (void *)line_dealloc},
    {Py_tp_methods, line_methods},
    {0, NULL},
};

PyType_Spec line_spec = {
    .name = "laurel._native.Line",
    .basicsize = sizeof(Line),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = line_slots,
};
