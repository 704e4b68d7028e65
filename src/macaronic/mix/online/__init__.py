"""Mixtures that change while a model learns: small steps over losses or gradients, one module a method."""
