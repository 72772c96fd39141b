import com.pixelmed.validate.DicomSRValidator;

/** Validates many reports with one start of the virtual machine: most of a run is the preparation of the rules. */
public class ValidateReports {
  public static void main(String[] paths) throws Exception {
    DicomSRValidator validator = new DicomSRValidator();
    for (String path : paths) {
      System.out.println("=== " + path);
      System.out.println(validator.validate(path));
    }
  }
}
