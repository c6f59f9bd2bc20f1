# One W and one b in three layers, with a penalty on W.
index j in 1..n, k in 1..n
parameter W[j,k], b[j], s
input x[j], y[j]
constant lambda = 0.03
u[j] = tanh(sum(W[j,k]*x[k], k) + b[j])
v[j] = logistic(sum(W[j,k]*u[k], k) + b[j])
w[j] = s * sum(W[j,k]*v[k], k) + b[j]
J = mean((w[j] - y[j])^2, j) + lambda * sum(W[j,k]^2, j, k) + lambda * s^2
with n = 3
