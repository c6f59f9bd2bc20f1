# The decoder's weights are the encoder's, transposed.
index j in 1..h, k in 1..n
parameter W[j,k], b[j], c[k]
input x[k]
z[j] = sum(W[j,k]*x[k], k) + b[j]
a[j] = 1 / (1 + exp(-z[j]))
r[k] = sum(W[j,k]*a[j], j) + c[k]
J = sum((r[k] - x[k])^2, k) / n
with n = 5, h = 2
