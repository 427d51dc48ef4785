"""The workbook that goes back: a copy of the sender's own file with every problem marked in it.

What nobody needs to change is copied part by part as it is, so that whatever the sender's program
keeps in a workbook survives, known to us or not.
"""
