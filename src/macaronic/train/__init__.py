"""Train models on text: recipes over transformers, accelerate and peft. This file loads none of them."""
