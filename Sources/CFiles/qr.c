#include "CFiles.h"

#include <limits.h>
#include <qrencode.h>

cf_qr *cf_qr_make(const uint8_t *bytes, size_t count) {
    if (count == 0 || count > INT_MAX) return NULL;
    return (cf_qr *)QRcode_encodeData((int)count, bytes, 0, QR_ECLEVEL_M);
}

int cf_qr_width(const cf_qr *qr) { return ((const QRcode *)qr)->width; }

bool cf_qr_is_dark(const cf_qr *qr, int column, int row) {
    const QRcode *code = (const QRcode *)qr;
    return code->data[row * code->width + column] & 1;
}

void cf_qr_free(cf_qr *qr) { QRcode_free((QRcode *)qr); }
