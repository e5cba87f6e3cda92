//! Decoders against octets written as in the RFCs' diagrams; what is expected stands in the RFC, or
//! is what tshark or scapy says.

mod regression;
