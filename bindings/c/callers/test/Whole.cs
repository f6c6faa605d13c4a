// Prints the constants, functions, structs and fields of Qris.cs, as whole.py's program in C does.
using System;
using System.Reflection;
using System.Runtime.InteropServices;

public static class Whole
{
    public static void Main()
    {
        foreach (var field in typeof(Qris).GetFields())
        {
            Console.WriteLine("const {0} {1}", field.Name, field.GetRawConstantValue());
        }
        foreach (var method in typeof(Qris).GetMethods(BindingFlags.Public | BindingFlags.Static))
        {
            if ((method.Attributes & MethodAttributes.PinvokeImpl) == 0) { continue; }
            Marshal.Prelink(method); // fails if the library lacks it
            Console.WriteLine("function {0} {1}", method.Name, method.GetParameters().Length);
        }
        foreach (var type in typeof(Qris).GetNestedTypes())
        {
            if (!type.IsValueType) { continue; }
            Console.WriteLine("struct {0} {1}", type.Name, Marshal.SizeOf(type));
            foreach (var field in type.GetFields())
            {
                Console.WriteLine("field {0}.{1} {2}", type.Name, field.Name, Marshal.OffsetOf(type, field.Name));
            }
        }
    }
}
