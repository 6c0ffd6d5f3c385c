print("cartwright")
