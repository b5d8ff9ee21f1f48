"""The store: the data that is kept between builds."""
