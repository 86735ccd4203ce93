"""Critics fill the score matrix: ``Critic(params, dimension)(x (B, d), y (C, d)) -> (B, C)``, S[i, j] = f(x_i, y_j)."""
