"use strict";

function sigmoid(t) {
  return 1 / (1 + Math.exp(-t));
}

// expects the output of sigmoid
function dsigmoid(s) {
  return s * (1 - s);
}

/** One sample through a 3-2-4 network whose parameters come one after another. */
function backward(W1, b1, W2, b2, x, y) {
  var z1 = [];
  var a1 = [];
  for (var j = 0; j < b1.length; j++) {
    z1[j] = b1[j];
    for (var i = 0; i < x.length; i++) z1[j] += W1[j][i] * x[i];
    a1[j] = sigmoid(z1[j]);
  }
  var a2 = [];
  for (var k = 0; k < b2.length; k++) {
    var z = b2[k];
    for (j = 0; j < a1.length; j++) z += W2[k][j] * a1[j];
    a2[k] = sigmoid(z);
  }

  var d2 = [];
  for (k = 0; k < a2.length; k++) d2[k] = a2[k] - y[k];
  var d1 = [];
  for (j = 0; j < a1.length; j++) {
    d1[j] = 0;
    for (k = 0; k < a2.length; k++) d1[j] += d2[k] * W2[k][j];
    d1[j] *= dsigmoid(z1[j]);
  }
  return {
    W2: d1.map((d) => x.map((v) => d * v)),
    b2: d1,
    W3: d2.map((d) => a1.map((v) => d * v)),
    b3: d2,
  };
}

exports.backward = backward;
