"""What couples seats: people who come and go, customers who change hands, pools, the year's end."""
