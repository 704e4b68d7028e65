"""Does a model stay in the language, survive mixed prompts, follow instructions, and did it get worse?"""
