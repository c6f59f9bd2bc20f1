# The states of a recurrent cell as variables of their own; the loss is that of the last step.
index j in 1..m, k in 1..m, i in 1..n, t in 1..3
parameter W[j,i], U[j,k], b[j], V[j]
input x[t,i], y
h1[j] = tanh(sum(W[j,i]*x[1,i], i) + b[j])
h2[j] = tanh(sum(W[j,i]*x[2,i], i) + sum(U[j,k]*h1[k], k) + b[j])
h3[j] = tanh(sum(W[j,i]*x[3,i], i) + sum(U[j,k]*h2[k], k) + b[j])
o = sum(V[j]*h3[j], j)
J = (o - y)^2
output o
with n = 2, m = 4
