# A script whose fourth line fails.
echo from \
the script\n
nosuch command
echo not reached\n
