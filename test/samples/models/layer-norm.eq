# Layer normalisation with gain and bias; mean and variance are scalars.
index j in 1..m, i in 1..n
parameter W[j,i], g[j], b[j]
input x[i], y[j]
constant eps = 1e-5
z[j] = sum(W[j,i]*x[i], i)
mu = mean(z[j], j)
variance = mean((z[j] - mu)^2, j)
o[j] = g[j] * (z[j] - mu) / sqrt(variance + eps) + b[j]
J = sum((o[j] - y[j])^2, j) / 2
with n = 3, m = 4
