# A recurrent cell with a loss at every step.
index j in 1..m, k in 1..m, i in 1..n, p in 1..c
step t in 1..T
parameter W[j,i], U[j,k], b[j], V[p,j], a[p], start[j]
input x[t,i], y[t,p]
h[0][j] = start[j]
h[t][j] = tanh(sum(W[j,i]*x[t,i], i) + sum(U[j,k]*h[t-1][k], k) + b[j])
o[t][p] = sum(V[p,j]*h[t][j], j) + a[p]
J = sum(sum((o[t][p] - y[t,p])^2, p), t) / 2
with T = 4, n = 2, m = 3, c = 2
