"""How people answer what they are paid for."""
