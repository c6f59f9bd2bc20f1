# Two residual blocks: h and r are used twice each.
index j in 1..m, k in 1..m, i in 1..n, p in 1..c
parameter W1[j,i], b1[j], W2[j,k], b2[j], W3[p,j]
input x[i], y[p]
h0[j] = tanh(sum(W1[j,i]*x[i], i) + b1[j])
r1[j] = h0[j] + tanh(sum(W2[j,k]*h0[k], k) + b2[j])
r2[j] = r1[j] + tanh(sum(W2[j,k]*r1[k], k) + b2[j])
o[p] = sum(W3[p,j]*r2[j], j)
J = sum((o[p] - y[p])^2, p) / 2
with n = 3, m = 4, c = 2
