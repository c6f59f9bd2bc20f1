"use strict";

var sigmoid = function (z) {
  return 1 / (1 + Math.exp(-z));
};

// parameters one after another, as flat arrays; silu in the hidden layer, sigmoid and ½Σ(a − y)² at the output
exports.grad = function grad(W2, b2, W3, b3, x, y) {
  var nIn = x.length;
  var nHid = b2.length;
  var nOut = b3.length;
  var z2 = new Array(nHid);
  var a2 = new Array(nHid);
  var j, k, i;
  for (j = 0; j < nHid; j++) {
    z2[j] = b2[j];
    for (i = 0; i < nIn; i++) z2[j] += W2[j * nIn + i] * x[i];
    a2[j] = z2[j] * sigmoid(z2[j]);
  }
  var dW2 = new Array(nHid * nIn);
  var db2 = new Array(nHid).fill(0);
  var dW3 = new Array(nOut * nHid);
  var db3 = new Array(nOut);
  for (k = 0; k < nOut; k++) {
    var z = b3[k];
    for (j = 0; j < nHid; j++) z += W3[k * nHid + j] * a2[j];
    var a = sigmoid(z);
    db3[k] = (a - y[k]) * a * (1 - a);
    for (j = 0; j < nHid; j++) {
      dW3[k * nHid + j] = db3[k] * a2[j];
      db2[j] += db3[k] * W3[k * nHid + j];
    }
  }
  for (j = 0; j < nHid; j++) {
    var s = sigmoid(z2[j]);
    db2[j] *= s + a2[j] * (1 - s);
    for (i = 0; i < nIn; i++) dW2[j * nIn + i] = db2[j] * x[i];
  }
  return { W2: dW2, b2: db2, W3: dW3, b3: db3 };
};
