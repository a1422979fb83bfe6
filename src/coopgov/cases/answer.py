"""stub"""
def answered(*a): raise NotImplementedError
