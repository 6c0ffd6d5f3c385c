#include "CLocale.h"

#include <gettext-po.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct cl_po {
    po_file_t file;
    po_message_iterator_t iterator;
    po_message_t current;
};

// libgettextpo's handlers take no context, so what one reading needs stands here, under the lock.
static pthread_mutex_t reading = PTHREAD_MUTEX_INITIALIZER;
static cl_po_problem *found;
static jmp_buf given_up;

static void report(
    int severity, po_message_t message, const char *filename, size_t line, size_t column, int multiline,
    const char *text) {
    (void)message, (void)filename, (void)column, (void)multiline;
    if (severity == PO_SEVERITY_WARNING) return;
    if (found->message[0] == 0) {  // the first problem is the one to mend; later ones often follow from it
        snprintf(found->message, sizeof found->message, "%s", text);
        found->line = line == (size_t)-1 ? 0 : (int64_t)line;
    }
    if (severity == PO_SEVERITY_FATAL_ERROR) longjmp(given_up, 1);  // the library forbids to return
}

static void report_two(
    int severity, po_message_t message1, const char *filename1, size_t line1, size_t column1, int multiline1,
    const char *text1, po_message_t message2, const char *filename2, size_t line2, size_t column2, int multiline2,
    const char *text2) {
    (void)message2, (void)filename2, (void)line2, (void)column2, (void)multiline2, (void)text2;
    report(severity, message1, filename1, line1, column1, multiline1, text1);
}

static const struct po_xerror_handler handler = {.xerror = report, .xerror2 = report_two};

cl_po *cl_po_open(const char *path, cl_po_problem *problem) {
    po_file_t volatile file = NULL;
    memset(problem, 0, sizeof *problem);
    pthread_mutex_lock(&reading);
    found = problem;
    if (setjmp(given_up) == 0) file = po_file_read(path, &handler);
    found = NULL;
    pthread_mutex_unlock(&reading);

    if (file == NULL || problem->message[0] != 0) {
        if (problem->message[0] == 0) snprintf(problem->message, sizeof problem->message, "cannot be read");
        if (file != NULL) po_file_free(file);
        return NULL;
    }
    cl_po *po = calloc(1, sizeof *po);
    if (po == NULL) abort();
    po->file = file;
    po->iterator = po_message_iterator(file, NULL);
    return po;
}

bool cl_po_next(cl_po *po, cl_po_message *message) {
    do {
        po->current = po_next_message(po->iterator);
        if (po->current == NULL) return false;
    } while (po_message_is_obsolete(po->current));
    message->key = po_message_msgid(po->current);
    message->plural = po_message_msgid_plural(po->current);
    message->text = po_message_msgstr(po->current);
    message->fuzzy = po_message_is_fuzzy(po->current);
    return true;
}

const char *cl_po_form(const cl_po *po, int index) { return po_message_msgstr_plural(po->current, index); }

void cl_po_close(cl_po *po) {
    po_message_iterator_free(po->iterator);
    po_file_free(po->file);
    free(po);
}
