# A quadratic form and a bilinear one, each with a loss of its own.
index i in 1..n, j in 1..n, k in 1..m
parameter A[i,j], B[i,k], d
input x[i], u[k], y, t
q = sum(x[i]*A[i,j]*x[j], i, j)
s = sum(x[i]*B[i,k]*u[k], i, k) + d
p = 1 / (1 + exp(-s))
J = (q - y)^2 / 2 - t*log(p) - (1 - t)*log(1 - p)
output p
with n = 3, m = 2
