/* SPDX-License-Identifier: Apache-2.0 */
/* Statements: the canonical N-Quads of a known frame, as `laurel.jsonld.template.Template.fill` makes them.
 *
 * Everything is made of cells: first the texts of a document, then the labels of its blank nodes, then constants.
 *
 * Spec: RDFC-1.0 section 4.4.3, section 4.6.3 */
#include "native.h"

#include <stdlib.h>

#define DIGEST 32
#define LABEL_ROOM 16
#define MOST_BLANKS 100000

typedef struct {
    Py_ssize_t count;
    Py_ssize_t *cells;
} Run;

/* Some lines; see laurel.jsonld.weave.Part. */
typedef struct {
    Run run;          /* the whole part, if its order is always the same */
    Py_ssize_t count; /* otherwise so many lines that are sorted, each behind the head */
    Run *lines;
    Run head;
    Run labels;       /* or only labels behind the head, each before END */
} Part;

typedef struct {
    Py_ssize_t count;
    Part *parts;
} Block;

typedef struct {
    Py_ssize_t cell; /* of a subject whose IRI is a text; -1 if it is constant */
    Span key;        /* the constant one, with its closing bracket */
    Block block;
} Subject;

typedef struct {
    unsigned char digest[DIGEST];
    Py_ssize_t node;
} Hashed;

typedef struct {
    Py_ssize_t node;
    Part part;
} Dynamic;

/* Memory that is given back all at once. */
typedef struct Kept {
    struct Kept *next;
    Py_ssize_t words[];
} Kept;

typedef struct {
    PyObject_HEAD
    Py_ssize_t texts, blanks, cells;
    PyObject *constants, *subjects_read, *sha256;
    Kept *kept;
    Span *constant_cells; /* as many as cells; those of texts and labels are empty */
    char *labels;         /* LABEL_ROOM for each rank */
    Py_ssize_t statics, dynamics, subjects;
    Hashed *static_hashes;
    Dynamic *dynamic_parts;
    Subject *subject_blocks;
    Block *blank_blocks;
    Py_ssize_t *order;    /* ranks, sorted by their labels */
    Py_ssize_t usual_size;
} Statements;

static const Span END = {" .\n", 3};

/* ---- reading what Python has compiled ---- */

static void *
keep(Statements *self, Py_ssize_t count, size_t size)
{
    Kept *kept;

    if (count < 0 || (size_t)count > (PY_SSIZE_T_MAX / 2 - sizeof(Kept)) / size) {
        PyErr_NoMemory();
        return NULL;
    }
    kept = PyMem_Calloc(1, sizeof(Kept) + (size_t)count * size + 1);
    if (kept == NULL) {
        PyErr_NoMemory();
        return NULL;
    }
    kept->next = self->kept;
    self->kept = kept;
    return kept->words;
}

/* Return the size of a tuple, or -1 with an error set if it is none. */
static Py_ssize_t
tuple_size(PyObject *object)
{
    if (!PyTuple_Check(object)) {
        PyErr_SetString(PyExc_TypeError, "a tuple is wanted");
        return -1;
    }
    return PyTuple_Size(object);
}

/* Return a number from `first` up to `end`, which is left out; -1 with an error set for any other. */
static Py_ssize_t
number_of(PyObject *object, Py_ssize_t first, Py_ssize_t end)
{
    Py_ssize_t number = PyLong_AsSsize_t(object);

    if (number == -1 && PyErr_Occurred()) {
        return -1;
    }
    if (number < first || number >= end) {
        PyErr_SetString(PyExc_ValueError, "a number leads nowhere");
        return -1;
    }
    return number;
}

static int
read_run(Statements *self, PyObject *object, Run *run, Py_ssize_t first, Py_ssize_t end)
{
    Py_ssize_t count = tuple_size(object);

    if (count < 0 || (run->cells = keep(self, count, sizeof(Py_ssize_t))) == NULL) {
        return -1;
    }
    run->count = count;
    for (Py_ssize_t place = 0; place < count; place++) {
        run->cells[place] = number_of(PyTuple_GetItem(object, place), first, end);
        if (run->cells[place] < 0) {
            return -1;
        }
    }
    return 0;
}

/* A part is (run, lines, head, labels): tuples of cells, and a tuple of such tuples for the lines. */
static int
read_part(Statements *self, PyObject *object, Part *part)
{
    Py_ssize_t count = tuple_size(object);
    PyObject *lines;

    if (count != 4) {
        if (!PyErr_Occurred()) {
            PyErr_SetString(PyExc_ValueError, "a part has four members");
        }
        return -1;
    }
    lines = PyTuple_GetItem(object, 1);
    if (read_run(self, PyTuple_GetItem(object, 0), &part->run, 0, self->cells) < 0
        || (part->count = tuple_size(lines)) < 0
        || (part->lines = keep(self, part->count, sizeof(Run))) == NULL
        || read_run(self, PyTuple_GetItem(object, 2), &part->head, 0, self->cells) < 0
        || read_run(self, PyTuple_GetItem(object, 3), &part->labels, self->texts, self->texts + self->blanks) < 0) {
        return -1;
    }
    for (Py_ssize_t place = 0; place < part->count; place++) {
        if (read_run(self, PyTuple_GetItem(lines, place), &part->lines[place], 0, self->cells) < 0) {
            return -1;
        }
    }
    return 0;
}

static int
read_block(Statements *self, PyObject *object, Block *block)
{
    block->count = tuple_size(object);
    if (block->count < 0 || (block->parts = keep(self, block->count, sizeof(Part))) == NULL) {
        return -1;
    }
    for (Py_ssize_t place = 0; place < block->count; place++) {
        if (read_part(self, PyTuple_GetItem(object, place), &block->parts[place]) < 0) {
            return -1;
        }
    }
    return 0;
}

static PyObject *
pair_of(PyObject *list, Py_ssize_t place)
{
    PyObject *pair = PyTuple_GetItem(list, place);

    if (tuple_size(pair) != 2) {
        if (!PyErr_Occurred()) {
            PyErr_SetString(PyExc_ValueError, "a pair is wanted");
        }
        return NULL;
    }
    return pair;
}

static int
read_cells(Statements *self)
{
    Py_ssize_t constants = PyTuple_Size(self->constants);

    if (self->texts < 0 || self->blanks < 0 || self->blanks > MOST_BLANKS
        || self->texts > PY_SSIZE_T_MAX / 4 || constants > PY_SSIZE_T_MAX / 4) {
        PyErr_SetString(PyExc_ValueError, "too many cells");
        return -1;
    }
    self->cells = self->texts + self->blanks + constants;
    self->constant_cells = keep(self, self->cells, sizeof(Span));
    self->labels = keep(self, self->blanks, LABEL_ROOM);
    if (self->constant_cells == NULL || self->labels == NULL) {
        return -1;
    }
    for (Py_ssize_t place = 0; place < self->texts + self->blanks; place++) {
        self->constant_cells[place].data = "";
    }
    for (Py_ssize_t place = 0; place < constants; place++) {
        Span *cell = &self->constant_cells[self->texts + self->blanks + place];
        if (span_of(PyTuple_GetItem(self->constants, place), cell) < 0) {
            return -1;
        }
    }
    for (Py_ssize_t rank = 0; rank < self->blanks; rank++) {
        PyOS_snprintf(self->labels + rank * LABEL_ROOM, LABEL_ROOM, "_:c14n%d", (int)rank);
    }
    return 0;
}

static int
read_nodes(Statements *self, PyObject *statics, PyObject *dynamics)
{
    self->statics = PyTuple_Size(statics);
    self->dynamics = PyTuple_Size(dynamics);
    if (self->statics + self->dynamics != self->blanks) {
        PyErr_SetString(PyExc_ValueError, "every blank node has a hash");
        return -1;
    }
    self->static_hashes = keep(self, self->statics, sizeof(Hashed));
    self->dynamic_parts = keep(self, self->dynamics, sizeof(Dynamic));
    if (self->static_hashes == NULL || self->dynamic_parts == NULL) {
        return -1;
    }
    for (Py_ssize_t place = 0; place < self->statics; place++) {
        PyObject *pair = pair_of(statics, place);
        Span digest;
        if (pair == NULL || span_of(PyTuple_GetItem(pair, 0), &digest) < 0) {
            return -1;
        }
        if (digest.size != DIGEST) {
            PyErr_SetString(PyExc_ValueError, "a hash has 32 bytes");
            return -1;
        }
        memcpy(self->static_hashes[place].digest, digest.data, DIGEST);
        self->static_hashes[place].node = number_of(PyTuple_GetItem(pair, 1), 0, self->blanks);
        if (self->static_hashes[place].node < 0) {
            return -1;
        }
    }
    for (Py_ssize_t place = 0; place < self->dynamics; place++) {
        PyObject *pair = pair_of(dynamics, place);
        Dynamic *dynamic = &self->dynamic_parts[place];
        if (pair == NULL || (dynamic->node = number_of(PyTuple_GetItem(pair, 0), 0, self->blanks)) < 0
            || read_part(self, PyTuple_GetItem(pair, 1), &dynamic->part) < 0) {
            return -1;
        }
    }
    return 0;
}

static int
read_blocks(Statements *self, PyObject *subjects, PyObject *blanks, PyObject *order)
{
    Run ranks;

    self->subjects = PyTuple_Size(subjects);
    self->subject_blocks = keep(self, self->subjects, sizeof(Subject));
    self->blank_blocks = keep(self, self->blanks, sizeof(Block));
    if (self->subject_blocks == NULL || self->blank_blocks == NULL) {
        return -1;
    }
    for (Py_ssize_t place = 0; place < self->subjects; place++) {
        PyObject *pair = pair_of(subjects, place);
        Subject *subject = &self->subject_blocks[place];
        PyObject *name;
        if (pair == NULL) {
            return -1;
        }
        name = PyTuple_GetItem(pair, 0);
        subject->cell = -1;
        if (PyLong_Check(name)) {
            subject->cell = number_of(name, 0, self->texts);
            if (subject->cell < 0) {
                return -1;
            }
        }
        else if (span_of(name, &subject->key) < 0) {
            return -1;
        }
        if (read_block(self, PyTuple_GetItem(pair, 1), &subject->block) < 0) {
            return -1;
        }
    }
    if (PyTuple_Size(blanks) != self->blanks) {
        PyErr_SetString(PyExc_ValueError, "every blank node has a block");
        return -1;
    }
    for (Py_ssize_t node = 0; node < self->blanks; node++) {
        if (read_block(self, PyTuple_GetItem(blanks, node), &self->blank_blocks[node]) < 0) {
            return -1;
        }
    }
    if (read_run(self, order, &ranks, 0, self->blanks > 0 ? self->blanks : 1) < 0) {
        return -1;
    }
    if (ranks.count != self->blanks) {
        PyErr_SetString(PyExc_ValueError, "every blank node has a rank");
        return -1;
    }
    self->order = ranks.cells;
    return 0;
}

/* ---- filling in ---- */

/* What one filling needs. Another thread may fill in the same frame while a hash is made. */
typedef struct {
    const Statements *of;
    Span *cells;
    Hashed *hashes;
    Span *subjects;     /* the key of each */
    Buffer keys, lines, out;
} Filling;

typedef enum { FAILED = -1, DONE = 0, UNSURE = 1 } Outcome;

static int
add_run(Buffer *buffer, const Run *run, const Span *cells)
{
    for (Py_ssize_t place = 0; place < run->count; place++) {
        const Span *cell = &cells[run->cells[place]];
        if (buffer_add(buffer, cell->data, cell->size) < 0) {
            return -1;
        }
    }
    return 0;
}

static Outcome
add_labels(Buffer *out, const Part *part, const Span *cells)
{
    Span *labels = PyMem_Calloc((size_t)part->labels.count, sizeof(Span));
    Outcome outcome = FAILED;

    if (labels == NULL) {
        PyErr_NoMemory();
        return FAILED;
    }
    for (Py_ssize_t place = 0; place < part->labels.count; place++) {
        labels[place] = cells[part->labels.cells[place]];
    }
    qsort(labels, (size_t)part->labels.count, sizeof(Span), span_compare);
    for (Py_ssize_t place = 0; place < part->labels.count; place++) {
        if (add_run(out, &part->head, cells) < 0 || buffer_add(out, labels[place].data, labels[place].size) < 0
            || buffer_add(out, END.data, END.size) < 0) {
            goto end;
        }
    }
    outcome = DONE;
end:
    PyMem_Free(labels);
    return outcome;
}

static Outcome
add_lines(Filling *filling, Buffer *out, const Part *part)
{
    Span *lines = PyMem_Calloc((size_t)part->count, sizeof(Span));
    Buffer *written = &filling->lines;
    Outcome outcome = FAILED;
    Py_ssize_t start = 0;

    if (lines == NULL) {
        PyErr_NoMemory();
        return FAILED;
    }
    written->size = 0;
    for (Py_ssize_t place = 0; place < part->count; place++) {
        start = written->size;
        if (add_run(written, &part->lines[place], filling->cells) < 0) {
            goto end;
        }
        lines[place].size = written->size - start;
    }
    /* Only now does the buffer stay where it is. */
    start = 0;
    for (Py_ssize_t place = 0; place < part->count; place++) {
        lines[place].data = written->data == NULL ? "" : written->data + start;
        start += lines[place].size;
    }
    qsort(lines, (size_t)part->count, sizeof(Span), span_compare);
    for (Py_ssize_t place = 0; place < part->count; place++) {
        if (place > 0 && span_compare(&lines[place - 1], &lines[place]) == 0) {
            outcome = UNSURE; /* two statements that are the same */
            goto end;
        }
        if (add_run(out, &part->head, filling->cells) < 0
            || buffer_add(out, lines[place].data, lines[place].size) < 0) {
            goto end;
        }
    }
    outcome = DONE;
end:
    PyMem_Free(lines);
    return outcome;
}

static Outcome
add_part(Filling *filling, Buffer *out, const Part *part)
{
    if (part->run.count > 0) {
        return add_run(out, &part->run, filling->cells) < 0 ? FAILED : DONE;
    }
    if (part->labels.count > 0) {
        return add_labels(out, part, filling->cells);
    }
    return part->count > 0 ? add_lines(filling, out, part) : DONE;
}

static Outcome
add_block(Filling *filling, const Block *block)
{
    for (Py_ssize_t place = 0; place < block->count; place++) {
        Outcome outcome = add_part(filling, &filling->out, &block->parts[place]);
        if (outcome != DONE) {
            return outcome;
        }
    }
    return DONE;
}

/* Write the SHA-256 of bytes. OpenSSL's, by way of hashlib: nothing here is as quick. */
static int
hash(const Statements *self, const Buffer *text, unsigned char *digest)
{
    PyObject *data = PyBytes_FromStringAndSize(text->data, text->size), *hashed = NULL, *found = NULL;
    int outcome = -1;

    if (data != NULL) {
        hashed = PyObject_CallFunctionObjArgs(self->sha256, data, NULL);
    }
    if (hashed != NULL) {
        found = PyObject_CallMethod(hashed, "digest", NULL);
    }
    if (found != NULL && PyBytes_Check(found) && PyBytes_Size(found) == DIGEST) {
        memcpy(digest, PyBytes_AsString(found), DIGEST);
        outcome = 0;
    }
    else if (found != NULL) {
        PyErr_SetString(PyExc_TypeError, "a hash has 32 bytes");
    }
    Py_XDECREF(found);
    Py_XDECREF(hashed);
    Py_XDECREF(data);
    return outcome;
}

static int
hashed_compare(const void *one, const void *other)
{
    return memcmp(((const Hashed *)one)->digest, ((const Hashed *)other)->digest, DIGEST);
}

/* Hash the blank nodes, sort them by their hashes and give them their labels. */
static Outcome
label(Filling *filling)
{
    const Statements *self = filling->of;
    Hashed *hashes = filling->hashes;

    if (self->statics > 0) {
        memcpy(hashes, self->static_hashes, (size_t)self->statics * sizeof(Hashed));
    }
    for (Py_ssize_t place = 0; place < self->dynamics; place++) {
        const Dynamic *dynamic = &self->dynamic_parts[place];
        Hashed *hashed = &hashes[self->statics + place];
        Outcome outcome;

        filling->out.size = 0;
        outcome = add_part(filling, &filling->out, &dynamic->part);
        if (outcome != DONE) {
            return outcome;
        }
        hashed->node = dynamic->node;
        if (hash(self, &filling->out, hashed->digest) < 0) {
            return FAILED;
        }
    }
    filling->out.size = 0;
    if (self->blanks > 0) {
        qsort(hashes, (size_t)self->blanks, sizeof(Hashed), hashed_compare);
    }
    for (Py_ssize_t rank = 0; rank < self->blanks; rank++) {
        Span *cell = &filling->cells[self->texts + hashes[rank].node];
        if (rank > 0 && hashed_compare(&hashes[rank - 1], &hashes[rank]) == 0) {
            return UNSURE; /* blank nodes that look alike */
        }
        cell->data = self->labels + rank * LABEL_ROOM;
        cell->size = (Py_ssize_t)strlen(cell->data);
    }
    return DONE;
}

typedef struct {
    Span key;
    const Block *block;
} Named;

/* Write the statements about everything that has a name, in the order of the names. */
static Outcome
add_subjects(Filling *filling)
{
    const Statements *self = filling->of;
    Named *named = PyMem_Calloc((size_t)self->subjects + 1, sizeof(Named));
    Outcome outcome = FAILED;
    Py_ssize_t room = 0, start = 0;

    if (named == NULL) {
        PyErr_NoMemory();
        return FAILED;
    }
    for (Py_ssize_t place = 0; place < self->subjects; place++) {
        const Subject *subject = &self->subject_blocks[place];
        if (subject->cell >= 0) {
            room += filling->cells[subject->cell].size + 1;
        }
    }
    if (buffer_reserve(&filling->keys, room) < 0) {
        goto end;
    }
    for (Py_ssize_t place = 0; place < self->subjects; place++) {
        const Subject *subject = &self->subject_blocks[place];
        const Span *text;
        named[place].block = &subject->block;
        if (subject->cell < 0) {
            named[place].key = subject->key;
            continue;
        }
        /* With the bracket, for `#` and `/` sort before it, and letters after it. */
        text = &filling->cells[subject->cell];
        start = filling->keys.size;
        if (buffer_add(&filling->keys, text->data, text->size) < 0 || buffer_add(&filling->keys, ">", 1) < 0) {
            goto end;
        }
        named[place].key.data = filling->keys.data + start;
        named[place].key.size = text->size + 1;
    }
    qsort(named, (size_t)self->subjects, sizeof(Named), span_compare);
    for (Py_ssize_t place = 0; place < self->subjects; place++) {
        if (place > 0 && span_compare(&named[place - 1].key, &named[place].key) == 0) {
            outcome = UNSURE; /* two things that have one name */
            goto end;
        }
        outcome = add_block(filling, named[place].block);
        if (outcome != DONE) {
            goto end;
        }
    }
    outcome = DONE;
end:
    PyMem_Free(named);
    return outcome;
}

static Outcome
fill(Filling *filling)
{
    const Statements *self = filling->of;
    Outcome outcome = label(filling);

    if (outcome == DONE && buffer_reserve(&filling->out, self->usual_size) < 0) {
        outcome = FAILED;
    }
    if (outcome == DONE) {
        outcome = add_subjects(filling);
    }
    for (Py_ssize_t place = 0; place < self->blanks && outcome == DONE; place++) {
        outcome = add_block(filling, &self->blank_blocks[filling->hashes[self->order[place]].node]);
    }
    return outcome;
}

/* Tell whether N-Quads would write a text otherwise than JSON does. */
static int
is_escaped_otherwise(const Span *text)
{
    const char *place = text->data, *end = text->data + text->size;

    if (text->size == 0) {
        return 0;
    }
    if (memchr(place, 0x7f, (size_t)text->size) != NULL) {
        return 1;
    }
    while ((place = memchr(place, '\\', (size_t)(end - place))) != NULL) {
        if (++place == end) {
            return 0;
        }
        if (*place == 'u') {
            return 1;
        }
    }
    return 0;
}

static PyObject *
statements_fill(PyObject *object, PyObject *texts)
{
    Statements *self = (Statements *)object;
    Filling filling = {.of = self};
    PyObject **held = NULL, *filled = NULL;
    Py_ssize_t holding = 0;
    Outcome outcome = FAILED;

    if (require_texts(texts, self->texts) < 0) {
        return NULL;
    }
    filling.cells = PyMem_Calloc((size_t)self->cells + 1, sizeof(Span));
    filling.hashes = PyMem_Calloc((size_t)self->blanks + 1, sizeof(Hashed));
    held = PyMem_Calloc((size_t)self->texts + 1, sizeof(PyObject *));
    if (filling.cells == NULL || filling.hashes == NULL || held == NULL) {
        PyErr_NoMemory();
        goto end;
    }
    memcpy(filling.cells, self->constant_cells, (size_t)self->cells * sizeof(Span));
    outcome = DONE;
    /* The list is not ours, and Python runs while a hash is made: so the texts are held. */
    for (; holding < self->texts; holding++) {
        held[holding] = PyList_GetItem(texts, holding);
        Py_INCREF(held[holding]);
        if (span_of(held[holding], &filling.cells[holding]) < 0) {
            holding++;
            outcome = FAILED;
            goto end;
        }
        if (is_escaped_otherwise(&filling.cells[holding])) {
            outcome = UNSURE;
        }
    }
    if (outcome == DONE) {
        outcome = fill(&filling);
    }
    if (outcome == DONE) {
        filled = PyBytes_FromStringAndSize(filling.out.data, filling.out.size);
        self->usual_size = filling.out.size < 65536 ? filling.out.size : 65536;
    }
    else if (outcome == UNSURE) {
        Py_INCREF(Py_None);
        filled = Py_None;
    }
end:
    for (Py_ssize_t number = 0; number < holding; number++) {
        Py_DECREF(held[number]);
    }
    PyMem_Free(held);
    PyMem_Free(filling.cells);
    PyMem_Free(filling.hashes);
    buffer_free(&filling.keys);
    buffer_free(&filling.lines);
    buffer_free(&filling.out);
    return filled;
}

/* ---- the type ---- */

static void
statements_dealloc(PyObject *object)
{
    Statements *self = (Statements *)object;
    PyTypeObject *type = Py_TYPE(object);
    freefunc release = (freefunc)PyType_GetSlot(type, Py_tp_free);

    while (self->kept != NULL) {
        Kept *kept = self->kept;
        self->kept = kept->next;
        PyMem_Free(kept);
    }
    Py_XDECREF(self->constants);
    Py_XDECREF(self->subjects_read);
    Py_XDECREF(self->sha256);
    release(object);
    Py_DECREF(type);
}

static PyObject *
statements_new(PyTypeObject *type, PyObject *arguments, PyObject *keywords)
{
    static char *names[] = {"texts",    "blanks", "constants", "statics", "dynamics",
                            "subjects", "blocks", "order",     "sha256",  NULL};
    allocfunc allocate = (allocfunc)PyType_GetSlot(type, Py_tp_alloc);
    PyObject *constants, *statics, *dynamics, *subjects, *blocks, *order, *sha256;
    Py_ssize_t texts, blanks;
    Statements *self;

    if (!PyArg_ParseTupleAndKeywords(arguments, keywords, "nnO!O!O!O!O!O!O:Statements", names, &texts, &blanks,
                                     &PyTuple_Type, &constants, &PyTuple_Type, &statics, &PyTuple_Type, &dynamics,
                                     &PyTuple_Type, &subjects, &PyTuple_Type, &blocks, &PyTuple_Type, &order,
                                     &sha256)) {
        return NULL;
    }
    self = (Statements *)allocate(type, 0);
    if (self == NULL) {
        return NULL;
    }
    Py_INCREF(constants);
    self->constants = constants;
    Py_INCREF(subjects); /* for the keys of its constant subjects */
    self->subjects_read = subjects;
    Py_INCREF(sha256);
    self->sha256 = sha256;
    self->texts = texts;
    self->blanks = blanks;
    if (read_cells(self) < 0 || read_nodes(self, statics, dynamics) < 0
        || read_blocks(self, subjects, blocks, order) < 0) {
        Py_DECREF(self);
        return NULL;
    }
    return (PyObject *)self;
}

static PyMethodDef statements_methods[] = {
    {"fill", statements_fill, METH_O, "Return the canonical N-Quads with these texts, or None where that is not sure."},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot statements_slots[] = {
    {Py_tp_doc, "The canonical N-Quads of a known frame."},
    {Py_tp_new, (void *)statements_new},
    {Py_tp_dealloc, (void *)statements_dealloc},
    {Py_tp_methods, statements_methods},
    {0, NULL},
};

PyType_Spec statements_spec = {
    .name = "laurel._native.Statements",
    .basicsize = sizeof(Statements),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = statements_slots,
};
