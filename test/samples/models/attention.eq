# One head over t positions: softmax over the rows of the scaled scores.
index t in 1..T, u in 1..T, v in 1..T, d in 1..m, e in 1..n
parameter Wq[d,e], Wk[d,e], Wv[d,e], Wo[e,d]
input x[t,e], y[t,e]
q[t,d] = sum(Wq[d,e]*x[t,e], e)
k[t,d] = sum(Wk[d,e]*x[t,e], e)
w[t,d] = sum(Wv[d,e]*x[t,e], e)
s[t,u] = sum(q[t,d]*k[u,d], d) / sqrt(m)
a[t,u] = exp(s[t,u]) / sum(exp(s[t,v]), v)
h[t,d] = sum(a[t,u]*w[u,d], u)
o[t,e] = x[t,e] + sum(Wo[e,d]*h[t,d], d)
J = mean((o[t,e] - y[t,e])^2, t, e)
with T = 4, m = 2, n = 3
